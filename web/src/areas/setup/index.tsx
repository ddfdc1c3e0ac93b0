import { Chapters } from "../../records/chapters";
import { useWords } from "../../words/language";
import { CHAPTERS } from "./chapters";
import "./setup.css";
import { setupWords } from "./words";

/** What managers set up, and what a practitioner sets up for himself. */
export default function Setup() {
  const words = useWords(setupWords);
  return (
    <Chapters
      area="/setup"
      title={words.title}
      label={words.chapters}
      nothing={words.nothingHere}
      groups={CHAPTERS}
      words={words}
    />
  );
}
