import { Empty } from "../../ui/state";

export default function Recalls() {
  return <Empty>…</Empty>;
}
