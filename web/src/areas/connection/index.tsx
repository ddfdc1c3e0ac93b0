import { Empty } from "../../ui/state";

export default function Connection() {
  return <Empty>…</Empty>;
}
