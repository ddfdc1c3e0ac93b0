import { useLive } from "../live/live";
import { Badge } from "../ui/state";
import { useLanguage, useWords } from "../words/language";
import { clockTime } from "../words/time";
import { shellWords } from "./words";

/** Whether what is on screen is of now: in direct, or since when not. */
export function ConnectionMark() {
  const words = useWords(shellWords);
  const { language } = useLanguage();
  const { connection, since } = useLive();
  return (
    <span role="status">
      <Badge state={connection === "live" ? "ok" : connection === "offline" ? "danger" : "warn"}>
        {words[connection]}
        {since ? ` · ${words.dataOf(clockTime(since, language))}` : ""}
      </Badge>
    </span>
  );
}
