import { Empty } from "../../ui/state";

export default function Sets() {
  return <Empty>…</Empty>;
}
