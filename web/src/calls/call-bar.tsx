import { Empty } from "../ui/state";

export default function CallBar() {
  return <Empty>…</Empty>;
}
