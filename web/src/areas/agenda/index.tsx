import { Empty } from "../../ui/state";

export default function Agenda() {
  return <Empty>…</Empty>;
}
