import { Link } from "wouter";
import { api, body, type Schema } from "../../../api/client";
import { useSession } from "../../../api/session";
import { type Noun, NounScreen } from "../../../records/noun";
import { act } from "../../../records/read";
import { only, type Values } from "../../../records/values";
import { useWords } from "../../../words/language";
import type { ChapterProps } from "../chapters";
import { setupWords } from "../words";
import { ContactPoints } from "./contact-points";
import { Contracts } from "./contracts";
import { PRACTITIONERS, type Practitioner, readPractitioners, useSites } from "./shared";
import { centreWords } from "./words";

type PractitionerIn = Schema<"appointments.PractitionerIn">;

/** Doctors and nurses of the centre; their places of work follow from their schedules. */
export default function Practitioners({ id }: ChapterProps) {
  const words = useWords(centreWords);
  const all = useWords(setupWords);
  const { may } = useSession();
  const sites = useSites().data ?? [];
  const sitesOf = (row: Practitioner) =>
    row.site_ids.map((each) => sites.find((site) => site.id === each)?.name ?? "").join(", ");
  const noun: Noun<Practitioner> = {
    path: "practitioners",
    title: all.practitioners,
    add: words.addPractitioner,
    addTitle: words.newPractitioner,
    empty: words.noPractitioner,
    queryKey: PRACTITIONERS,
    read: readPractitioners,
    topics: ["appointments.practitioner_changed"],
    stays: true,
    name: (row) => row.display_name,
    inactive: (row) => !row.active,
    columns: [
      { id: "sites", head: words.worksAt, cell: sitesOf },
      { id: "profession", head: words.profession, cell: (row) => words[row.profession] },
      { id: "rpps", head: words.rpps, cell: (row) => <span className="mono">{row.rpps}</span> },
    ],
    groups: () => [
      {
        legend: words.identity,
        fields: [
          { kind: "text", name: "family_name", label: words.family, required: true },
          { kind: "text", name: "given_name", label: words.given, required: true },
          {
            kind: "choice",
            name: "profession",
            label: words.profession,
            options: [
              { value: "physician", label: words.physician },
              { value: "nurse", label: words.nurse },
            ],
          },
          { kind: "text", name: "specialty", label: words.specialty, hint: words.specialtyHint },
          { kind: "text", name: "rpps", label: words.rpps },
          { kind: "email", name: "email", label: words.email },
        ],
      },
      {
        legend: words.presence,
        fields: [
          { kind: "date", name: "active_from", label: words.activeFrom, required: true },
          { kind: "date", name: "active_to", label: words.activeTo },
          { kind: "yes", name: "external", label: words.external },
        ],
      },
    ],
    blank: {
      family_name: "",
      given_name: "",
      profession: "physician",
      specialty: "SM54",
      active_from: "2000-01-01",
      external: false,
    },
    values: (row) => ({
      ...row.person,
      profession: row.profession,
      specialty: row.specialty,
      rpps: row.rpps,
    }),
    create: (values, key) =>
      body(api.POST("/api/appointments/v1/practitioners", { body: given(values), headers: act(key) })),
    change: (row, values, key, version) =>
      body(
        api.PUT("/api/appointments/v1/practitioners/{practitioner_id}", {
          params: { path: { practitioner_id: row.id } },
          body: given(values),
          headers: act(key, version),
        }),
      ),
    beside: (row) => (
      <>
        <p>
          <Link href={`/setup/schedules/of-${row.id}`}>{words.agendas}</Link>
        </p>
        <Contracts practitionerId={row.id} />
        {may("telesecretariat:setup.write", "telesecretariat:message.act") ? (
          <ContactPoints practitionerId={row.id} />
        ) : null}
      </>
    ),
  };
  return <NounScreen noun={noun} id={id} />;
}

const given = (values: Values) =>
  only(
    values,
    "family_name given_name profession specialty rpps email active_from active_to external",
  ) as PractitionerIn;
