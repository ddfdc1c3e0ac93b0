import { useEffect, useId, useRef, useState } from "react";
import { api, body } from "../api/client";
import { useLiveQuery } from "../live/live";
import { TextField } from "../ui/field";
import { Loading, Strip } from "../ui/state";
import { Timer } from "../ui/timer";
import { useWords } from "../words/language";
import { keepDraft, readDraft } from "./drafts";
import { spoken } from "./phone";
import { type Flag, flagKey, useNoting } from "./red-noting";
import { Ending, Questions } from "./red-parts";
import { callWords } from "./words";

interface Props {
  /** Null while it is being opened: the address can be typed from the very first key. */
  readonly redFlagId: string | null;
  readonly callId: string;
  readonly number: string | null;
  readonly callerLost: boolean;
}

/**
 * Danger of life: covers everything, has no way out but an outcome. The 15 is dialled by opening it; what is typed
 * here is kept and sent while one speaks, and read out to the regulator from large type.
 */
export function RedFlag({ redFlagId, callId, number, callerLost }: Props) {
  const words = useWords(callWords);
  const ref = useRef<HTMLDialogElement>(null);
  const heading = useId();
  const flag = useLiveQuery<Flag>({
    queryKey: flagKey(redFlagId),
    queryFn: () =>
      body(
        api.GET("/api/telesecretariat/v1/red-flags/{red_flag_id}", {
          params: { path: { red_flag_id: redFlagId ?? "" } },
        }),
      ),
    topics: ["telesecretariat.call_*", "telesecretariat.red_flag_*"],
    about: callId,
    enabled: redFlagId !== null,
  });
  useEffect(() => {
    const dialog = ref.current;
    if (dialog && !dialog.open) dialog.showModal();
    return () => dialog?.close();
  }, []);
  return (
    <dialog
      ref={ref}
      className="calls-red"
      role="alertdialog"
      aria-labelledby={heading}
      // A second Esc would close it: browsers let nobody refuse twice.
      closedby="none"
      onCancel={(event) => event.preventDefault()}
      onKeyDown={(event) => event.key === "Escape" && event.preventDefault()}
    >
      <div className="calls-red-inside">
        <h2 id={heading}>{words.redTitle}</h2>
        <Standing flag={flag.data ?? null} />
        {callerLost ? (
          <Strip state="danger" role="alert">
            {words.redCallerLost}
          </Strip>
        ) : (
          <p className="calls-large">{words.redStay}</p>
        )}
        <Address callId={callId} flag={flag.data ?? null} number={flag.data?.number ?? number} />
        {flag.data ? (
          <>
            <Ending flag={flag.data} />
            <Questions flag={flag.data} />
          </>
        ) : (
          <Loading lines={3} />
        )}
      </div>
    </dialog>
  );
}

/** Whether the 15 is called, is there, or was lost: what one waits for, in one line. */
function Standing({ flag }: { readonly flag: Flag | null }) {
  const words = useWords(callWords);
  return (
    <p className="calls-red-state">
      <strong role="status">{standing(flag, words)}</strong>
      {flag ? (
        <span>
          {words.redSince} <Timer since={flag.opened_at} />
        </span>
      ) : null}
    </p>
  );
}

function standing(flag: Flag | null, words: (typeof callWords)["fr"]): string {
  if (!flag) return words.redDialling(1);
  if (flag.by_hand) return words.redByHand;
  if (flag.state === "handed_over") return words.redHandedOver;
  if (flag.state === "three_way") return flag.on_line ? words.redThreeWay : words.redLost;
  return flag.on_line ? words.redDialling(flag.attempts) : words.redUnanswered;
}

interface AddressProps {
  readonly callId: string;
  readonly flag: Flag | null;
  readonly number: string | null;
}

/** Where help must go, and the caller's number: in large, to be read out. */
function Address({ callId, flag, number }: AddressProps) {
  const words = useWords(callWords);
  const note = useNoting(flag?.id ?? null);
  const [typed, setTyped] = useState(() => readDraft(callId, "address"));
  const address = typed ?? flag?.address ?? "";
  const noted = flag?.address ?? "";
  const send = useRef(note);
  send.current = note;
  const known = flag !== null;
  useEffect(() => {
    // Typed before a reload, or before the flag was there.
    const draft = readDraft(callId, "address");
    if (known && draft !== null && draft.trim() !== noted) send.current({ address: draft.trim() || null });
  }, [known, callId, noted]);
  return (
    <>
      <dl className="calls-red-read">
        <div>
          <dt>{words.redAddress}</dt>
          <dd data-missing={!address.trim()}>{address.trim() || words.redAddressMissing}</dd>
        </div>
        <div>
          <dt>{words.redNumber}</dt>
          <dd>{number ? spoken(number) : words.withheld}</dd>
        </div>
      </dl>
      <TextField
        label={words.redAddress}
        value={address}
        maxLength={280}
        dir="auto"
        autoFocus
        onChange={(event) => {
          const { value } = event.target;
          setTyped(value);
          keepDraft(callId, "address", value);
          note({ address: value.trim() || null });
        }}
      />
    </>
  );
}
