import { Empty } from "../../ui/state";

export default function Release() {
  return <Empty>…</Empty>;
}
