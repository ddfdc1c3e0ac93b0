import { useQueryClient } from "@tanstack/react-query";
import { api, body, type Schema } from "../../../api/client";
import { useCommand } from "../../../api/command";
import { useDraft } from "../../../records/drafts";
import { act, useList } from "../../../records/read";
import { SmallRows } from "../../../records/rows";
import { optionsOf, sameValue } from "../../../records/values";
import { Button } from "../../../ui/button";
import { faultAt, SelectField, TextField } from "../../../ui/field";
import { Read, RefusalStrip } from "../../../ui/state";
import { useToast } from "../../../ui/toast";
import { useWords } from "../../../words/language";
import { phoneWords } from "./words";

type Point = Schema<"telesecretariat.SupervisorPoint">;
const key = (client: string) => ["telesecretariat", "contact-points", "client", client];

/** Who is told last, when nobody has answered a message: the supervisors of a centre. */
export function SupervisorPoints({ clientId }: { readonly clientId: string }) {
  const words = useWords(phoneWords);
  const list = useList(key(clientId), async () => {
    const params = { path: { client_id: clientId } };
    return (await body(api.GET("/api/telesecretariat/v1/clients/{client_id}/contact-points", { params })))
      .items;
  });
  return (
    <section className="stack" aria-label={words.points}>
      <h3>{words.points}</h3>
      <p className="muted">{words.pointsText}</p>
      <Read of={list} lines={2}>
        {(points) => <Points clientId={clientId} points={points} />}
      </Read>
    </section>
  );
}

function Points({ clientId, points }: { readonly clientId: string; readonly points: readonly Point[] }) {
  const words = useWords(phoneWords);
  const toast = useToast();
  const client = useQueryClient();
  const form = useDraft<readonly Point[]>(`supervisors/${clientId}`, points, 0, sameValue);
  const save = useCommand(
    (items: readonly Point[], one) =>
      body(
        api.PUT("/api/telesecretariat/v1/clients/{client_id}/contact-points", {
          params: { path: { client_id: clientId } },
          body: { items: [...items] },
          headers: act(one),
        }),
      ),
    async ({ items }) => {
      form.restart(items, 0);
      toast(words.pointsSaved);
      await client.invalidateQueries({ queryKey: key(clientId) });
    },
  );
  return (
    <>
      <SmallRows<Point>
        legend={words.ways}
        add={words.addPoint}
        most={12}
        rows={form.draft}
        blank={{ channel: "sms", address: "", place: form.draft.length + 1, language: "fr", hours: [] }}
        onChange={(rows) => form.set(() => rows)}
        edit={(row, set, place) => (
          <>
            <TextField
              label={words.order}
              type="number"
              min={1}
              max={9}
              value={row.place ?? 1}
              onChange={(event) => set({ place: Number(event.target.value) })}
            />
            <SelectField
              label={words.channel}
              value={row.channel}
              onChange={(event) => set({ channel: event.target.value as Point["channel"] })}
            >
              {optionsOf(words.channels).map((each) => (
                <option key={each.value} value={each.value}>
                  {each.label}
                </option>
              ))}
            </SelectField>
            <TextField
              label={row.channel === "email" ? words.mailAddress : words.number}
              type={row.channel === "email" ? "email" : "tel"}
              value={row.address}
              fault={
                faultAt(save.refusal, `/items/${place}/address`) ?? faultAt(save.refusal, `/items/${place}`)
              }
              onChange={(event) => set({ address: event.target.value })}
            />
          </>
        )}
      />
      <RefusalStrip refusal={save.refusal} />
      <div className="row">
        <Button
          kind="primary"
          busy={save.pending}
          blocked={form.dirty ? undefined : words.pointsSame}
          onClick={() => void save.run(form.draft)}
        >
          {words.savePoints}
        </Button>
      </div>
    </>
  );
}
