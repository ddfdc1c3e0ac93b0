import { useQueryClient } from "@tanstack/react-query";
import { api, body, type Schema } from "../../../api/client";
import { useCommand } from "../../../api/command";
import { useDraft } from "../../../records/drafts";
import { act, useList } from "../../../records/read";
import { SmallRows } from "../../../records/rows";
import { optionsOf, sameValue } from "../../../records/values";
import { Button } from "../../../ui/button";
import { faultAt, SelectField, TextField } from "../../../ui/field";
import { Empty, Read, RefusalStrip } from "../../../ui/state";
import { useToast } from "../../../ui/toast";
import { useWords } from "../../../words/language";
import { setupWords } from "../words";
import { usePractitioners } from "./shared";
import { centreWords } from "./words";

type Point = Schema<"telesecretariat.ContactPoint">;

/** Where a practitioner is told that a message waits, in which order. */
export function ContactPoints({ practitionerId }: { readonly practitionerId: string }) {
  const words = useWords(centreWords);
  const list = useList(["telesecretariat", "contact-points", practitionerId], async () => {
    const path = { practitioner_id: practitionerId };
    const { items } = await body(
      api.GET("/api/telesecretariat/v1/practitioners/{practitioner_id}/contact-points", { params: { path } }),
    );
    return items;
  });
  return (
    <section className="stack">
      <h3>{words.contacts}</h3>
      <p className="muted">{words.contactsText}</p>
      <Read of={list} lines={2}>
        {(points) => <Points practitionerId={practitionerId} points={points} />}
      </Read>
    </section>
  );
}

function Points({
  practitionerId,
  points,
}: {
  readonly practitionerId: string;
  readonly points: readonly Point[];
}) {
  const words = useWords(centreWords);
  const all = useWords(setupWords);
  const toast = useToast();
  const client = useQueryClient();
  const others = (usePractitioners().data ?? []).filter((each) => each.id !== practitionerId && each.active);
  const form = useDraft<readonly Point[]>(`contacts/${practitionerId}`, points, 0, sameValue);
  const save = useCommand(
    (items: readonly Point[], key) =>
      body(
        api.PUT("/api/telesecretariat/v1/practitioners/{practitioner_id}/contact-points", {
          params: { path: { practitioner_id: practitionerId } },
          body: { items: [...items] },
          headers: act(key),
        }),
      ),
    async ({ items }) => {
      form.restart(items, 0);
      toast(all.saved);
      await client.invalidateQueries({ queryKey: ["telesecretariat", "contact-points", practitionerId] });
    },
  );
  return (
    <>
      {form.draft.length === 0 ? <Empty>{words.noContacts}</Empty> : null}
      <SmallRows<Point>
        legend={words.channel}
        add={words.addContact}
        most={10}
        rows={form.draft}
        blank={{
          role: "self",
          channel: "sms",
          address: "",
          place: form.draft.length + 1,
          language: "fr",
          hours: [],
        }}
        onChange={(rows) => form.set(() => rows)}
        edit={(row, set, place) => (
          <>
            <TextField
              label={words.order}
              type="number"
              min={1}
              value={row.place ?? 1}
              onChange={(event) => set({ place: Number(event.target.value) })}
            />
            <SelectField
              label={words.who}
              value={row.role}
              onChange={(event) => set({ role: event.target.value as Point["role"] })}
            >
              <option value="self">{words.self}</option>
              <option value="backup">{words.backup}</option>
            </SelectField>
            {row.role === "backup" ? (
              <SelectField
                label={words.backupWho}
                value={row.backup_practitioner_id ?? ""}
                fault={faultAt(save.refusal, `/items/${place}/backup_practitioner_id`)}
                onChange={(event) => set({ backup_practitioner_id: event.target.value || null })}
              >
                <option value="">{all.choose}</option>
                {others.map((each) => (
                  <option key={each.id} value={each.id}>
                    {each.display_name}
                  </option>
                ))}
              </SelectField>
            ) : null}
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
              label={words.addressOf}
              value={row.address}
              fault={faultAt(save.refusal, `/items/${place}/address`)}
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
          blocked={form.dirty ? undefined : all.nothingChanged}
          onClick={() => void save.run(form.draft)}
        >
          {words.saveContacts}
        </Button>
      </div>
    </>
  );
}
