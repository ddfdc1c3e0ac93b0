import { Empty } from "../../ui/state";

export default function Hospital() {
  return <Empty>…</Empty>;
}
