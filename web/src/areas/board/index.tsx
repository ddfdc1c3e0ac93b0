import { Empty } from "../../ui/state";

export default function Board() {
  return <Empty>…</Empty>;
}
