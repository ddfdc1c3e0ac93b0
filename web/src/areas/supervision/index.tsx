import { Empty } from "../../ui/state";

export default function Supervision() {
  return <Empty>…</Empty>;
}
