import { Empty } from "../../ui/state";

export default function Station() {
  return <Empty>…</Empty>;
}
