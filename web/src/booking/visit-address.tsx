import { useQuery } from "@tanstack/react-query";
import { api, body, type Refusal, type Schema } from "../api/client";
import { type Place, useKept } from "../calls/drafts";
import { faultAt, SelectField, TextField } from "../ui/field";
import { useWords } from "../words/language";
import type { Mode } from "./directory";
import { bookingWords } from "./words";

const EMPTY = { line: "", postal_code: "", city: "", access: "" };

/** Where a visit away from the centre is: an address for a home, a place for a care home. */
export function useVisitAddress(mode: Mode, kept: Place | undefined) {
  const [address, setAddress] = useKept(kept, "address", EMPTY);
  const [place, setPlace] = useKept(kept, "place", "");
  const sent: Pick<Schema<"appointments.BookIn">, "visit_address" | "place_id"> = {};
  if (mode === "home") sent.visit_address = { ...address, access: address.access || null };
  if (mode === "care_home") sent.place_id = place || null;
  return { mode, address, setAddress, place, setPlace, body: sent };
}

interface Props {
  readonly where: ReturnType<typeof useVisitAddress>;
  readonly refusal: Refusal | null;
}

export function VisitAddress({ where, refusal }: Props) {
  const words = useWords(bookingWords);
  const { address, setAddress } = where;
  const places = useQuery({
    queryKey: ["appointments", "places"],
    queryFn: async () =>
      (await body(api.GET("/api/appointments/v1/places", { params: { query: { limit: 200 } } }))).items,
    enabled: where.mode === "care_home",
    staleTime: 15 * 60_000,
  });
  if (where.mode === "care_home") {
    return (
      <SelectField
        label={words.place}
        required
        value={where.place}
        fault={faultAt(refusal, "/place_id")}
        onChange={(event) => where.setPlace(event.target.value)}
      >
        <option value="">{words.choosePlace}</option>
        {(places.data ?? []).map((each) => (
          <option key={each.id} value={each.id}>
            {`${each.name}, ${each.city}`}
          </option>
        ))}
      </SelectField>
    );
  }
  if (where.mode !== "home") return null;
  const field = (name: keyof typeof EMPTY, label: string) => (
    <TextField
      label={label}
      autoComplete="off"
      required={name !== "access"}
      value={address[name]}
      fault={faultAt(refusal, `/visit_address/${name}`)}
      onChange={(event) => setAddress({ ...address, [name]: event.target.value })}
    />
  );
  return (
    <fieldset className="booking-filters">
      <legend className="visually-hidden">{words.address}</legend>
      {field("line", words.address)}
      {field("postal_code", words.postalCode)}
      {field("city", words.city)}
      {field("access", words.access)}
    </fieldset>
  );
}
