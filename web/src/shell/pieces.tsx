import { useState } from "react";
import { Refusal } from "../api/refusal";
import { Button, type ButtonKind } from "../ui/button";
import { Combobox } from "../ui/combobox";
import { Dialog } from "../ui/dialog";
import { Check, SelectField, TextArea, TextField } from "../ui/field";
import { Badge, Empty, Loading, RefusalStrip, type State, Strip } from "../ui/state";
import { DataTable } from "../ui/table";
import { Tabs } from "../ui/tabs";
import { Timer } from "../ui/timer";
import { Title } from "../ui/title";
import { useToast } from "../ui/toast";
import { now } from "../words/time";

const KINDS: readonly ButtonKind[] = ["plain", "primary", "danger", "stop", "quiet"];
const STATES: readonly State[] = ["ok", "warn", "danger", "info", "unknown", "neutral"];
const LONG = "Marie-Françoise-Antoinette de La Rochefoucauld-Montbel d'Estissac épouse Vandenbroucke";
const WORDS = {
  title: "Pièces",
  act: "Confirmer le rendez-vous",
  reason: "Le créneau est tenu par un autre poste jusqu'à 10 h 42.",
  sentence: "Cette caisse est déjà dans le chargement 12. Rangez-la ou retirez-la du chargement 12.",
  open: "Ouvrir la fenêtre",
  say: "Dire que c'est fait",
  empty: "Aucun appel en attente",
  field: "Nom de naissance",
  hint: "Comme sur la carte d'identité",
};

/** Every component in its states, at one glance: for who builds screens. */
export default function Pieces() {
  const [open, setOpen] = useState(false);
  const [tab, setTab] = useState("a");
  const [text, setText] = useState("mar");
  const [since] = useState(() => now().toISOString());
  const say = useToast();
  return (
    <div className="stack account">
      <Title>{WORDS.title}</Title>
      <div className="row">
        {KINDS.map((kind) => (
          <Button key={kind} kind={kind} hotkey={kind === "primary" ? "F9" : undefined}>
            {WORDS.act}
          </Button>
        ))}
      </div>
      <div className="row">
        <Button blocked={WORDS.reason}>{WORDS.act}</Button>
        <Button busy>{WORDS.act}</Button>
        <Button onClick={() => setOpen(true)}>{WORDS.open}</Button>
        <Button onClick={() => say(WORDS.sentence)}>{WORDS.say}</Button>
        <Timer since={since} />
      </div>
      <div className="row">
        {STATES.map((state) => (
          <Badge key={state} state={state}>
            {state}
          </Badge>
        ))}
      </div>
      {(["ok", "warn", "danger", "info"] as const).map((state) => (
        <Strip key={state} state={state} acts={<Button>{WORDS.act}</Button>}>
          {WORDS.sentence}
        </Strip>
      ))}
      <RefusalStrip
        refusal={new Refusal(503, "SERVICE_UNAVAILABLE", WORDS.title, WORDS.reason, [], {}, null, "019a")}
      />
      <TextField label={WORDS.field} hint={WORDS.hint} required />
      <TextField label={WORDS.field} fault={WORDS.reason} defaultValue={LONG} />
      <TextArea label={WORDS.field} defaultValue={WORDS.sentence} />
      <SelectField label={WORDS.field}>
        <option>{LONG}</option>
      </SelectField>
      <Check label={WORDS.hint} defaultChecked />
      <Combobox
        label={WORDS.field}
        text={text}
        onText={setText}
        items={[LONG, "Marc"].filter((each) => each.toLowerCase().startsWith(text))}
        keyOf={(each) => String(each.length)}
        show={(each) => each}
        onChoose={setText}
      />
      <Tabs
        label={WORDS.title}
        tabs={[
          { id: "a", label: "A" },
          { id: "b", label: "B" },
        ]}
        selected={tab}
        onSelect={setTab}
      >
        <p>{tab}</p>
      </Tabs>
      <DataTable
        caption={WORDS.title}
        rows={[LONG, "Marc"]}
        keyOf={(each) => each}
        selected="Marc"
        columns={[
          { id: "name", head: WORDS.field, cell: (each) => each },
          { id: "count", head: "n", number: true, cell: (each) => each.length },
        ]}
      />
      <Empty acts={<Button>{WORDS.act}</Button>}>{WORDS.empty}</Empty>
      <Loading />
      {open ? (
        <Dialog title={WORDS.open} onClose={() => setOpen(false)} foot={<Button>{WORDS.act}</Button>}>
          {WORDS.sentence}
        </Dialog>
      ) : null}
    </div>
  );
}
