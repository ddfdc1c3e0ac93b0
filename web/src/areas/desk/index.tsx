import { Empty } from "../../ui/state";

export default function Desk() {
  return <Empty>…</Empty>;
}
