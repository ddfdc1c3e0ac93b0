import { Empty } from "../../ui/state";

export default function Wall() {
  return <Empty>…</Empty>;
}
