import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { api, body, type Schema } from "../../api/client";
import { useCommand } from "../../api/command";
import { Button } from "../../ui/button";
import { Dialog } from "../../ui/dialog";
import { faultAt, SelectField, TextField } from "../../ui/field";
import { Badge, Empty, Read, RefusalStrip } from "../../ui/state";
import { DataTable } from "../../ui/table";
import { useToast } from "../../ui/toast";
import { useLanguage, useWords } from "../../words/language";
import { dayAndTime, now, timeOfDay } from "../../words/time";
import { everyPage, ifMatch } from "./queries";
import { Secret } from "./secret";
import { adminWords } from "./words";

type Device = Schema<"gateway.DeviceOut">;
const KEY = ["gateway", "devices", "organisation"];

/** Shared posts, where persons sign in by badge, and wall screens. */
export default function Devices() {
  const words = useWords(adminWords);
  const { language } = useLanguage();
  const client = useQueryClient();
  const say = useToast();
  const [adding, setAdding] = useState(false);
  const [coded, setCoded] = useState<Device | null>(null);
  const devices = useQuery({
    queryKey: KEY,
    queryFn: () =>
      everyPage((cursor) =>
        body(
          api.GET("/api/gateway/v1/devices", {
            params: { query: { limit: 200, ...(cursor ? { cursor } : {}) } },
          }),
        ),
      ),
  });
  const again = () => void client.invalidateQueries({ queryKey: KEY });
  const code = useCommand(
    (id: string) => body(api.POST("/api/gateway/v1/devices/{id}/code", { params: { path: { id } } })),
    setCoded,
  );
  const end = useCommand(
    (each: Device) =>
      body(
        api.PATCH("/api/gateway/v1/devices/{id}", {
          params: { path: { id: each.id } },
          body: { valid_to: now().toISOString() },
          ...ifMatch(each.version),
        }),
      ),
    () => {
      say(words.changed);
      again();
    },
  );
  const over = (each: Device) => Date.parse(each.valid_to) <= now().getTime();
  const add = (
    <Button kind="primary" onClick={() => setAdding(true)}>
      {words.addDevice}
    </Button>
  );
  return (
    <>
      <div className="row">{add}</div>
      <RefusalStrip refusal={code.refusal ?? end.refusal} />
      <Read of={devices}>
        {(all) =>
          all.length === 0 ? (
            <Empty>{words.noDevices}</Empty>
          ) : (
            <DataTable
              caption={words.devices}
              captionHidden
              rows={all}
              keyOf={(each) => each.id}
              columns={[
                { id: "label", head: words.label, cell: (each) => each.label },
                {
                  id: "kind",
                  head: words.kind,
                  cell: (each) => (each.kind === "wall" ? words.wall : words.sharedPost),
                },
                {
                  id: "state",
                  head: words.state,
                  cell: (each) => (
                    <Badge state={over(each) ? "unknown" : each.enrolled ? "ok" : "info"}>
                      {over(each) ? words.over : each.enrolled ? words.enrolled : words.notEnrolled}
                    </Badge>
                  ),
                },
                {
                  id: "seen",
                  head: words.lastSeen,
                  cell: (each) => (each.last_seen_at ? dayAndTime(each.last_seen_at, language) : words.never),
                },
                {
                  id: "act",
                  head: <span className="visually-hidden">{words.act}</span>,
                  cell: (each) =>
                    over(each) ? null : (
                      <span className="row">
                        <Button
                          aria-label={words.newCodeOf(each.label)}
                          onClick={() => void code.run(each.id)}
                        >
                          {words.newCode}
                        </Button>
                        <Button
                          kind="danger"
                          aria-label={words.endDeviceOf(each.label)}
                          onClick={() => void end.run(each)}
                        >
                          {words.endDevice}
                        </Button>
                      </span>
                    ),
                },
              ]}
            />
          )
        }
      </Read>
      {adding ? (
        <AddDevice
          onClose={() => setAdding(false)}
          onAdded={(device) => {
            setAdding(false);
            setCoded(device);
            again();
          }}
        />
      ) : null}
      {coded?.code ? (
        <Secret
          title={coded.label}
          text={words.deviceCode(coded.code_expires_at ? timeOfDay(coded.code_expires_at, language) : "")}
          more={<p className="mono">{`${window.location.origin}/console/device`}</p>}
          secret={coded.code}
          onDone={() => setCoded(null)}
        />
      ) : null}
    </>
  );
}

function AddDevice({
  onClose,
  onAdded,
}: {
  readonly onClose: () => void;
  readonly onAdded: (device: Device) => void;
}) {
  const words = useWords(adminWords);
  const add = useCommand(
    (form: FormData) =>
      body(
        api.POST("/api/gateway/v1/devices", {
          body: {
            kind: form.get("kind") === "wall" ? "wall" : "shared_post",
            label: String(form.get("label")).trim(),
          },
        }),
      ),
    onAdded,
  );
  return (
    <Dialog title={words.addDevice} onClose={onClose}>
      <form
        className="stack"
        onSubmit={(event) => {
          event.preventDefault();
          void add.run(new FormData(event.currentTarget));
        }}
      >
        <RefusalStrip refusal={add.refusal} />
        <SelectField label={words.kind} name="kind">
          <option value="shared_post">{words.sharedPost}</option>
          <option value="wall">{words.wall}</option>
        </SelectField>
        <TextField
          label={words.label}
          hint={words.labelHint}
          name="label"
          fault={faultAt(add.refusal, "/label")}
          maxLength={80}
          required
        />
        <div className="foot">
          <Button onClick={onClose}>{words.cancel}</Button>
          <Button kind="primary" type="submit" busy={add.pending}>
            {words.addDevice}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
