import { useState } from "react";
import { Button } from "../ui/button";
import { Dialog } from "../ui/dialog";
import { SelectField, TextField } from "../ui/field";
import { useWords } from "../words/language";
import { useRefreshDesk } from "./desk";
import { type Device, seat, useSeat } from "./seat";
import { openSoftphone } from "./softphone-link";
import { callWords } from "./words";

/** What rings at this post: the telephone of last time unless one says otherwise. Enter opens. */
export function TakeSeat({
  last,
  browser,
  onClose,
}: {
  readonly last: Device | null;
  /** Whether a browser can be the telephone here. */
  readonly browser: boolean;
  readonly onClose: () => void;
}) {
  const words = useWords(callWords);
  const refresh = useRefreshDesk();
  const { device: kept } = useSeat();
  const before = kept ?? last;
  const [kind, setKind] = useState<Device["kind"]>(browser ? (before?.kind ?? "phone") : "phone");
  const [address, setAddress] = useState(before?.kind === "phone" ? before.address : "");
  const device: Device = { kind, address: kind === "phone" ? address.trim() : seat.read().deskId };
  const missing = kind === "phone" && address.trim() === "";
  return (
    <Dialog title={words.seatTitle} onClose={onClose}>
      <form
        className="stack"
        onSubmit={(event) => {
          event.preventDefault();
          if (missing) return;
          // Within the press, or the browser takes the window for an advertisement.
          if (kind === "browser") openSoftphone();
          void seat.open(device, false).then(() => {
            void refresh();
            onClose();
          });
        }}
      >
        {browser ? (
          <SelectField
            label={words.deviceKind}
            value={kind}
            onChange={(event) => setKind(event.target.value === "browser" ? "browser" : "phone")}
          >
            <option value="phone">{words.phone}</option>
            <option value="browser">{words.browser}</option>
          </SelectField>
        ) : null}
        {kind === "phone" ? (
          <TextField
            label={words.deviceAddress}
            hint={words.deviceHint}
            value={address}
            maxLength={120}
            required
            autoFocus
            onChange={(event) => setAddress(event.target.value)}
          />
        ) : null}
        <div className="foot">
          <Button type="submit" kind="primary">
            {words.open}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
