import { Empty } from "../../ui/state";

export default function Practitioner() {
  return <Empty>…</Empty>;
}
