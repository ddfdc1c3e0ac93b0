import { Empty } from "../../ui/state";

export default function Setup() {
  return <Empty>…</Empty>;
}
