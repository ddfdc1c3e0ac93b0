import { Strip } from "../ui/state";
import { Title } from "../ui/title";
import { useWords } from "../words/language";
import { accessibilityWords } from "./accessibility-words";

/** The statement that law asks for; reachable from every page, signed in or not. It claims nothing by itself. */
export default function Accessibility() {
  const words = useWords(accessibilityWords);
  const list = (items: readonly string[]) => (
    <ul className="bullets">
      {items.map((item) => (
        <li key={item}>{item}</li>
      ))}
    </ul>
  );
  return (
    <article className="stack prose">
      <Title>{words.title}</Title>
      <h2>{words.state}</h2>
      <Strip state="warn">{words.stateText}</Strip>
      <h2>{words.done}</h2>
      {list(words.doneItems)}
      <h2>{words.faults}</h2>
      {list(words.faultsItems)}
      <h2>{words.contact}</h2>
      <p>{words.contactText}</p>
      <h2>{words.recourse}</h2>
      <p>{words.recourseText}</p>
    </article>
  );
}
