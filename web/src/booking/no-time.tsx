import { Button } from "../ui/button";
import { Empty } from "../ui/state";
import { useLanguage, useWords } from "../words/language";
import { longDay } from "../words/time";
import { FAR, useDays, type Wish } from "./times";
import { bookingWords } from "./words";

interface Props {
  readonly wish: Wish;
  readonly onWish: (wish: Wish) => void;
  readonly onWaiting?: () => void;
}

/** No free time is never the end: further on, elsewhere, with somebody else, or the waiting list. */
export function NoTime({ wish, onWish, onWaiting }: Props) {
  const words = useWords(bookingWords);
  const { language } = useLanguage();
  const later = useDays(wish).data?.[0]?.date;
  const elsewhere = useDays(
    { ...wish, siteId: "", practitionerId: "" },
    !!wish.siteId || !!wish.practitionerId,
  );
  const first = elsewhere.data?.[0]?.date;
  const narrow = !!(wish.siteId || wish.practitionerId || wish.moment);
  return (
    <Empty
      acts={
        <div className="row">
          {later ? (
            <Button kind="primary" onClick={() => onWish({ ...wish, from: later })}>
              {words.nowNamed(longDay(later, language))}
            </Button>
          ) : null}
          {wish.siteId || wish.practitionerId ? (
            <Button onClick={() => onWish({ ...wish, siteId: "", practitionerId: "", from: "" })}>
              {wish.siteId ? words.seeAllSites : words.seeAllPractitioners}
              {first ? ` (${longDay(first, language)})` : ""}
            </Button>
          ) : null}
          {wish.moment ? (
            <Button onClick={() => onWish({ ...wish, moment: "" })}>{words.seeAllDay}</Button>
          ) : null}
          {wish.days < FAR && !later ? (
            <Button onClick={() => onWish({ ...wish, days: FAR })}>{words.seeLater}</Button>
          ) : null}
          {onWaiting ? <Button onClick={onWaiting}>{words.waiting}</Button> : null}
        </div>
      }
    >
      {narrow ? words.noTimeWith : words.noTime}
    </Empty>
  );
}
