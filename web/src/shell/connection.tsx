import { useLive } from "../live/live";
import { Badge } from "../ui/state";
import { useNow } from "../ui/timer";
import { useLanguage, useWords } from "../words/language";
import { clockTime } from "../words/time";
import { shellWords } from "./words";

/** Whether what is on screen is of now: in direct, or since when not. */
export function ConnectionMark() {
  const words = useWords(shellWords);
  const { language } = useLanguage();
  const { connection, since } = useLive();
  // A cut of a moment is not worth a figure that changes under the eye.
  const at = useNow(2000).getTime();
  const old = since !== null && at - since.getTime() > 3000;
  return (
    <span role="status">
      <Badge state={connection === "live" ? "ok" : connection === "offline" ? "danger" : "warn"}>
        <span className={connection === "live" ? "live-word" : undefined}>{words[connection]}</span>
        {old ? ` · ${words.dataOf(clockTime(since, language))}` : ""}
      </Badge>
    </span>
  );
}
