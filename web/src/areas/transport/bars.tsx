import { useNames } from "../../cooperation/names";
import { useLanguage, useWords } from "../../words/language";
import { instantAt, now, timeOfDay, zoned } from "../../words/time";
import type { Seen } from "./day";
import { paceOf } from "./expected";
import { transportWords } from "./words";

const ROW = 44;
const LEFT = 120;
const WIDE = 960;

/** Bars per vehicle over the hours: a diamond where it was promised, a disc where it will be. The cards say the same. */
export function Bars({ seen }: { readonly seen: readonly Seen[] }) {
  const words = useWords(transportWords);
  const names = useNames();
  const { language } = useLanguage();
  const instants = seen.flatMap(({ tour, due }) => [
    Date.parse(tour.leaves_at),
    ...due.flatMap(({ stop, at }) => [Date.parse(stop.promised_at), ...(at ? [at.getTime()] : [])]),
  ]);
  const first = zoned(new Date(Math.min(...instants)));
  const from = Date.parse(instantAt(first.toString().slice(0, 10), `${first.hour}:00`));
  const hours = Math.max(2, Math.ceil((Math.max(...instants) + 600_000 - from) / 3_600_000));
  const x = (at: number) => LEFT + ((at - from) / (hours * 3_600_000)) * (WIDE - LEFT - 24);
  const height = 28 + seen.length * ROW;
  const present = now().getTime();
  return (
    <figure className="transport-bars">
      <svg viewBox={`0 0 ${WIDE} ${height}`} role="img" aria-label={words.timeline}>
        {Array.from({ length: hours + 1 }, (_, hour) => from + hour * 3_600_000).map((at) => (
          <g key={at}>
            <line className="transport-hour" x1={x(at)} x2={x(at)} y1={20} y2={height} />
            <text x={x(at)} y={14} textAnchor="middle">
              {timeOfDay(new Date(at), language)}
            </text>
          </g>
        ))}
        {present > from && present < from + hours * 3_600_000 ? (
          <line className="transport-now" x1={x(present)} x2={x(present)} y1={20} y2={height} />
        ) : null}
        {seen.map(({ tour, vehicle, due }, row) => {
          const y = 28 + row * ROW + ROW / 2;
          const last = due.findLast((each) => each.at)?.at?.getTime() ?? Date.parse(tour.leaves_at);
          return (
            <g key={tour.id}>
              <text x={0} y={y + 5}>
                {vehicle.slice(0, 16)}
              </text>
              <line
                className="transport-bar"
                data-state={tour.state}
                x1={x(Date.parse(tour.leaves_at))}
                x2={x(last)}
                y1={y}
                y2={y}
              />
              {due.map((each) => {
                const promised = x(Date.parse(each.stop.promised_at));
                return (
                  <g key={each.stop.id} data-pace={paceOf(each)} className="transport-mark">
                    <title>{`${names.site(each.stop.site_id)}, ${words.pace[paceOf(each)]}`}</title>
                    {each.at ? <circle cx={x(each.at.getTime())} cy={y} r={7} /> : null}
                    <path d={`M${promised} ${y - 12}l8 12-8 12-8-12z`} />
                  </g>
                );
              })}
            </g>
          );
        })}
      </svg>
      <figcaption className="small muted">{words.legend}</figcaption>
    </figure>
  );
}
