import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";
import { api, body } from "../../api/client";
import { Refusal } from "../../api/refusal";
import { patchCall } from "../../calls/acts";
import type { CallFile } from "../../calls/desk";
import { keepDraft, readDraft } from "../../calls/drafts";
import { Button } from "../../ui/button";
import { TextArea } from "../../ui/field";
import { RefusalStrip, Strip } from "../../ui/state";
import { useWords } from "../../words/language";
import { deskWords } from "./words";

const PAUSE_MS = 1_200;

/**
 * The note of a call: kept in this tab with every key and sent while one types. Sent against the version that was read;
 * where somebody else wrote meanwhile, both texts stand side by side and mine stays in the field.
 */
export function Note({ file }: { readonly file: CallFile }) {
  const words = useWords(deskWords);
  const client = useQueryClient();
  const [text, setText] = useState(() => readDraft(file.id, "note") ?? file.note ?? "");
  const [saved, setSaved] = useState(file.note ?? "");
  const [other, setOther] = useState<string | null>(null);
  const [refusal, setRefusal] = useState<Refusal | null>(null);
  const now = useRef({ text, saved, version: file.version });
  now.current = { text, saved, version: Math.max(file.version, now.current.version) };
  const sending = useRef(false);

  const path = { params: { path: { call_id: file.id } } };
  const send = async (again = false): Promise<void> => {
    const { text: mine, saved: base, version } = now.current;
    if (mine === base || (sending.current && !again)) return;
    sending.current = true;
    try {
      const after = await patchCall(file.id, { note: mine }, version);
      now.current.version = after.version;
      client.setQueryData(["telesecretariat", "call", file.id], after);
      setSaved(mine);
      setRefusal(null);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      if (error.status !== 412) setRefusal(error);
      else {
        // The call moves on while one writes: only another note is a conflict.
        const theirs = await body(api.GET("/api/telesecretariat/v1/calls/{call_id}", path));
        now.current.version = theirs.version;
        if ((theirs.note ?? "") === base) return await send(true);
        setOther(theirs.note ?? "");
      }
    } finally {
      sending.current = false;
    }
  };
  const latest = useRef(send);
  latest.current = send;
  useEffect(() => {
    if (text === saved || other !== null) return;
    const timer = setTimeout(() => void latest.current(), PAUSE_MS);
    return () => clearTimeout(timer);
  }, [text, saved, other]);
  useEffect(() => () => void latest.current(), []);

  return (
    <section className="panel stack" aria-label={words.note}>
      <TextArea
        label={words.note}
        hint={words.noteHint}
        value={text}
        dir="auto"
        onChange={(event) => {
          setText(event.target.value);
          keepDraft(file.id, "note", event.target.value);
        }}
        onBlur={() => void send()}
      />
      <p className="small muted" role="status">
        {text === saved ? (text ? words.noteSaved : "") : words.noteSaving}
      </p>
      {other === null ? null : (
        <Strip
          state="warn"
          role="alert"
          acts={
            <>
              <Button
                onClick={() => {
                  setSaved(other);
                  setOther(null);
                }}
              >
                {words.noteMine}
              </Button>
              <Button
                onClick={() => {
                  setText(other);
                  setSaved(other);
                  keepDraft(file.id, "note", other);
                  setOther(null);
                }}
              >
                {words.noteTheirs}
              </Button>
            </>
          }
        >
          {words.noteOther} <q>{other}</q>
        </Strip>
      )}
      <RefusalStrip refusal={refusal} />
    </section>
  );
}
