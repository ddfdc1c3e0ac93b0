import { useState } from "react";
import { Link } from "wouter";
import { api, body, type Schema } from "../../api/client";
import { useCommand } from "../../api/command";
import { useSession } from "../../api/session";
import { serialOf, useNames, usePlaces } from "../../cooperation/names";
import { useLiveQuery } from "../../live/live";
import { Button } from "../../ui/button";
import { faultAt, SelectField, TextField } from "../../ui/field";
import { Badge, Read, RefusalStrip, Strip, useSentence } from "../../ui/state";
import { useToast } from "../../ui/toast";
import { useLanguage, useWords } from "../../words/language";
import { dayAndTime } from "../../words/time";
import { CrateLine } from "./crate-line";
import { asSent, type Draft, left, NOTHING, scanned } from "./taking";
import { hospitalWords } from "./words";

type Handover = Schema<"cooperation.HandoverOut">;

/** One delivery: its crates, scanned one by one by another person than who gave them. */
export function Delivery({ id }: { readonly id: string }) {
  const words = useWords(hospitalWords);
  const query = useLiveQuery({
    queryKey: ["cooperation", "handovers", id],
    queryFn: () =>
      body(api.GET("/api/cooperation/v1/handovers/{handover_id}", { params: { path: { handover_id: id } } })),
    topics: ["cooperation.handover_recorded"],
    about: id,
  });
  return (
    <>
      <div>
        <Link href="/hospital/deliveries">{words.allDeliveries}</Link>
      </div>
      <Read of={query}>
        {(handover) => <Whole handover={handover} onTaken={() => void query.refetch()} />}
      </Read>
    </>
  );
}

interface Props {
  readonly handover: Handover;
  readonly onTaken: () => void;
}

function Whole({ handover, onTaken }: Props) {
  const words = useWords(hospitalWords);
  const { language } = useLanguage();
  const { session, may } = useSession();
  const names = useNames();
  const { data: places = [] } = usePlaces();
  const end = places.find((place) => place.id === handover.to_place_id);
  const ours = end?.organisation_id === session.context?.organisation_id;
  const mine = handover.given_by === `person:${session.person?.id}`;
  return (
    <>
      <section className="panel stack">
        <h2>{`${names.place(handover.from_place_id)} › ${names.place(handover.to_place_id)}`}</h2>
        <p>{words.givenAt(dayAndTime(handover.given_at, language))}</p>
        {handover.unattended ? <p>{words.leftAlone(handover.unattended)}</p> : null}
        {handover.taken_at ? (
          <p className="row">
            <Badge state="ok">{words.takenAt(dayAndTime(handover.taken_at, language))}</Badge>
          </p>
        ) : null}
        {handover.state === "given" && ours && mine ? <Strip state="info">{words.sameGave}</Strip> : null}
      </section>
      {handover.state === "given" && ours && !mine && may("cooperation:transport.act") ? (
        <Take handover={handover} siteId={end?.site_id ?? null} onTaken={onTaken} />
      ) : (
        <ul className="stack">
          {handover.crates.map((crate) => (
            <li key={crate.crate_id} className="panel row">
              <span className="mono">{serialOf(crate.tag)}</span>
              {crate.taken ? <Badge state="ok">{words.isHere}</Badge> : null}
              {crate.reason ? <Badge state="danger">{words.isMissing}</Badge> : null}
              <span>{crate.reason}</span>
              <span className="muted">{words.seals(crate.seal_given, crate.seal_taken)}</span>
            </li>
          ))}
        </ul>
      )}
    </>
  );
}

/** Scan each crate, read its seal; what is not there has a reason. */
function Take({ handover, siteId, onTaken }: Props & { readonly siteId: string | null }) {
  const words = useWords(hospitalWords);
  const sentence = useSentence();
  const say = useToast();
  const { data: places = [] } = usePlaces();
  const [draft, setDraft] = useState<Draft>(NOTHING);
  const [text, setText] = useState("");
  const [wrong, setWrong] = useState<string>();
  const [quarantine, setQuarantine] = useState("");
  const read = useCommand(
    (code: string) => body(api.GET("/api/cooperation/v1/codes", { params: { query: { read: code } } })),
    (found) => {
      const known = handover.crates.some((crate) => crate.crate_id === found.id);
      setWrong(known ? undefined : words.otherCrate);
      if (known) setDraft((before) => scanned(before, found.id, found.uri));
      setText("");
    },
  );
  const take = useCommand(
    (sent: Schema<"cooperation.HandoverTake">, key) =>
      body(
        api.POST("/api/cooperation/v1/handovers/{handover_id}/take", {
          params: { path: { handover_id: handover.id } },
          body: sent,
          headers: { "Idempotency-Key": key },
        }),
      ),
    () => {
      say(words.takenNow);
      onTaken();
    },
  );
  const still = left(draft, handover.crates);
  const blocked = ["ON_HOLD", "RECALLED"].includes(take.refusal?.code ?? "");
  const apart = places.filter((place) => place.kind === "quarantine" && place.site_id === siteId);
  return (
    <section className="stack">
      <form
        className="panel row hospital-find"
        onSubmit={(event) => {
          event.preventDefault();
          if (text.trim()) void read.run(text.trim());
        }}
      >
        <TextField
          label={words.scanCrate}
          hint={words.scanHint}
          autoComplete="off"
          value={text}
          onChange={(event) => {
            setText(event.target.value);
            setWrong(undefined);
            read.renew();
          }}
          fault={read.refusal ? sentence(read.refusal) : wrong}
        />
        <Button type="submit" busy={read.pending}>
          {words.countCrate}
        </Button>
        <p role="status">{words.progress(handover.crates.length - still, handover.crates.length)}</p>
      </form>
      <ul className="stack">
        {handover.crates.map((crate) => (
          <CrateLine key={crate.crate_id} crate={crate} draft={draft} onDraft={setDraft} />
        ))}
      </ul>
      <RefusalStrip refusal={take.refusal} />
      {blocked && apart.length > 0 ? (
        <SelectField
          label={words.quarantine}
          value={quarantine}
          onChange={(event) => setQuarantine(event.target.value)}
          fault={faultAt(take.refusal, "/quarantine_place_id")}
        >
          <option value="">{words.chooseQuarantine}</option>
          {apart.map((place) => (
            <option key={place.id} value={place.id}>
              {place.name}
            </option>
          ))}
        </SelectField>
      ) : null}
      <div className="row">
        <Button
          kind="primary"
          busy={take.pending}
          blocked={still > 0 ? words.stillLeft(still) : undefined}
          onClick={() =>
            void take.run({ ...asSent(draft), ...(quarantine ? { quarantine_place_id: quarantine } : {}) })
          }
        >
          {words.confirmTake}
        </Button>
      </div>
    </section>
  );
}
