import { type QueryClient, useQueryClient } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";
import { api, body, type Schema } from "../../api/client";
import { useCommand } from "../../api/command";
import { type Noun, NounScreen } from "../../records/noun";
import { act, everyPage, pageOf, useList } from "../../records/read";
import { only, type Values } from "../../records/values";
import { Button } from "../../ui/button";
import { Dialog } from "../../ui/dialog";
import { RefusalStrip, Strip } from "../../ui/state";
import { useToast } from "../../ui/toast";
import { useLanguage, useWords } from "../../words/language";
import { dateOnly } from "../../words/time";
import { plantWords } from "./words";

/** The rows of each collection of reference rows: all have the same five operations. */
export interface Rows {
  readonly members: Schema<"cooperation.MemberOut">;
  readonly sites: Schema<"cooperation.SiteOut">;
  readonly places: Schema<"cooperation.cooperation__members__schemas__PlaceOut">;
  readonly stations: Schema<"cooperation.StationOut">;
  readonly devices: Schema<"cooperation.DeviceOut">;
  readonly signatories: Schema<"cooperation.SignatoryOut">;
  readonly machines: Schema<"cooperation.MachineOut">;
  readonly programmes: Schema<"cooperation.ProgrammeOut">;
  readonly packagings: Schema<"cooperation.PackagingOut">;
  readonly instrument_models: Schema<"cooperation.InstrumentModelOut">;
  readonly compositions: Schema<"cooperation.CompositionOut">;
  readonly crates: Schema<"cooperation.CrateOut">;
  readonly vehicles: Schema<"cooperation.VehicleOut">;
  readonly compartments: Schema<"cooperation.CompartmentOut">;
  readonly road_links: Schema<"cooperation.RoadLinkOut">;
  readonly flows: Schema<"cooperation.FlowOut">;
  readonly items: Schema<"cooperation.FlowItemOut">;
}
export type Many = keyof Rows;

// One spelling of the addresses for the compiler: the operations of every collection are the same.
const every = (many: Many) => `/api/cooperation/v1/${many}` as "/api/cooperation/v1/sites";
const single = (many: Many) => `/api/cooperation/v1/${many}/{row_id}` as "/api/cooperation/v1/sites/{row_id}";
const retiring = (many: Many) =>
  `/api/cooperation/v1/${many}/{row_id}/retire` as "/api/cooperation/v1/sites/{row_id}/retire";

export const keyOf = (many: Many) => ["cooperation", many, "all"] as const;

/** Every row, also the retired ones. */
export async function readAll<M extends Many>(many: M): Promise<Rows[M][]> {
  const rows = await everyPage<unknown>((cursor) =>
    body(api.GET(every(many), { params: { query: { retired: true, ...pageOf(cursor) } } })),
  );
  return rows as Rows[M][];
}

export function useAll<M extends Many>(many: M, enabled = true) {
  return useList(keyOf(many), () => readAll(many), [], enabled);
}

/** Those that a new record may name. */
export function useLive<M extends Many>(many: M): Rows[M][] {
  return (useAll(many).data ?? []).filter((row) => row.retired_at === null);
}

/** Options of rows that have a name. */
export const named = (rows: readonly { readonly id: string; readonly name: string }[]) =>
  rows
    .map((row) => ({ value: row.id, label: row.name }))
    .toSorted((one, other) => one.label.localeCompare(other.label));

export async function make<M extends Many>(many: M, sent: Values, key: string): Promise<Rows[M]> {
  return (await body(
    api.POST(every(many), { body: sent as never, headers: act(key) }),
  )) as unknown as Rows[M];
}

export async function change<M extends Many>(
  many: M,
  id: string,
  sent: Values,
  key: string,
  version: number,
): Promise<Rows[M]> {
  return (await body(
    api.PATCH(single(many), {
      params: { path: { row_id: id } },
      body: sent as never,
      headers: act(key, version),
    }),
  )) as unknown as Rows[M];
}

/** Lists of this noun anywhere in the console are read again. */
export const stale = (client: QueryClient, many: Many) =>
  client.invalidateQueries({ queryKey: ["cooperation", many] });

type Own<M extends Many> = Pick<
  Noun<Rows[M]>,
  "title" | "intro" | "add" | "addTitle" | "empty" | "name" | "columns" | "groups" | "blank" | "stays"
>;
interface Props<M extends Many> extends Own<M> {
  readonly id: string | undefined;
  readonly many: M;
  /** Its address below the area, where it is not the collection's. */
  readonly path?: string;
  /** Members of the body that makes one. */
  readonly made: string;
  /** Members that may change later. */
  readonly changed: string;
  readonly values?: (row: Rows[M]) => Values;
  readonly sent?: (values: Values) => Values;
  readonly beside?: (row: Rows[M]) => ReactNode;
  /** Only these: the others have a chapter of their own. */
  readonly where?: (row: Rows[M]) => boolean;
}

/** The chapter of one collection: list, new, change, retire. */
export function Collection<M extends Many>(props: Props<M>) {
  const { many, made, changed, values, sent, beside, path, where, ...noun } = props;
  const client = useQueryClient();
  const body = (given: Values, names: string) => only(sent ? sent(given) : given, names);
  return (
    <NounScreen<Rows[M]>
      id={props.id}
      noun={{
        ...noun,
        path: path ?? many,
        queryKey: keyOf(many),
        read: async () => sorted((await readAll(many)).filter(where ?? Boolean), noun.name),
        inactive: (row) => row.retired_at !== null,
        frozen: (row) => row.retired_at !== null,
        values: values ?? ((row) => ({ ...row })),
        create: async (given, key) => {
          const row = await make(many, without(body(given, made)), key);
          await stale(client, many);
          return row;
        },
        change: async (row, given, key, version) => {
          const after = await change(many, row.id, body(given, changed), key, version);
          await stale(client, many);
          return after;
        },
        beside: (row) => (
          <>
            {row.retired_at === null ? beside?.(row) : null}
            <Retire many={many} row={row} name={noun.name(row)} />
          </>
        ),
      }}
    />
  );
}

/** Those in use first, by name. */
function sorted<Row extends { readonly retired_at: string | null }>(
  rows: readonly Row[],
  name: (row: Row) => string,
) {
  return rows.toSorted(
    (one, other) =>
      Number(one.retired_at !== null) - Number(other.retired_at !== null) ||
      name(one).localeCompare(name(other), undefined, { numeric: true }),
  );
}

/** What was left empty is not sent. */
const without = (values: Values): Values =>
  Object.fromEntries(Object.entries(values).filter(([, value]) => value !== null && value !== ""));

interface RetireProps {
  readonly many: Many;
  readonly row: { readonly id: string; readonly version: number; readonly retired_at: string | null };
  readonly name: string;
}

/** Nothing is deleted: what was done years ago names these rows. Asked twice, for it cannot be taken back. */
export function Retire({ many, row, name }: RetireProps) {
  const words = useWords(plantWords);
  const { language } = useLanguage();
  const client = useQueryClient();
  const toast = useToast();
  const [asking, setAsking] = useState(false);
  const command = useCommand(
    (_: null, key) =>
      body(
        api.POST(retiring(many), {
          params: { path: { row_id: row.id } },
          headers: act(key, row.version),
        }),
      ),
    () => {
      setAsking(false);
      toast(words.retired);
      void stale(client, many);
    },
  );
  if (row.retired_at)
    return <Strip state="info">{words.retiredOn(dateOnly(row.retired_at, language))}</Strip>;
  return (
    <div className="row plant-retire">
      <Button onClick={() => setAsking(true)}>{words.retire}</Button>
      {asking ? (
        <Dialog
          title={words.retireTitle(name)}
          onClose={() => {
            command.renew();
            setAsking(false);
          }}
          foot={
            <Button kind="danger" busy={command.pending} onClick={() => void command.run(null)}>
              {words.retire}
            </Button>
          }
        >
          <p>{words.retireText}</p>
          <RefusalStrip refusal={command.refusal} />
        </Dialog>
      ) : null}
    </div>
  );
}
