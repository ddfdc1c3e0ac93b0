import { Empty } from "../../ui/state";

export default function Patients() {
  return <Empty>…</Empty>;
}
