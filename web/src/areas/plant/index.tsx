import { Chapters } from "../../records/chapters";
import { useWords } from "../../words/language";
import { CHAPTERS } from "./chapters";
import "./plant.css";
import { plantWords } from "./words";

/** What the group sets up for the sterilisation plant: where things are, who signs, what is treated and carried. */
export default function Plant() {
  const words = useWords(plantWords);
  return (
    <Chapters
      area="/plant"
      title={words.title}
      label={words.chapters}
      nothing={words.nothingHere}
      groups={CHAPTERS}
      words={words}
    />
  );
}
