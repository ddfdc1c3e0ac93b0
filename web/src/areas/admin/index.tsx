import { Empty } from "../../ui/state";

export default function Admin() {
  return <Empty>…</Empty>;
}
