import { Loading } from "../../../ui/state";
import { Title } from "../../../ui/title";
import type { ChapterProps } from "../chapters";

export default function Later(_: ChapterProps) {
  return (
    <>
      <Title>…</Title>
      <Loading />
    </>
  );
}
