import { Empty } from "../../ui/state";
import { Title } from "../../ui/title";
import { useWords } from "../../words/language";
import { deskWords } from "./words";

export function SoftphoneWindow() {
  const words = useWords(deskWords);
  return (
    <>
      <Title>{words.softphone}</Title>
      <Empty>{words.softphoneOff}</Empty>
    </>
  );
}
