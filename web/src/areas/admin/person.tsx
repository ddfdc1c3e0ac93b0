import { ArrowLeft } from "lucide-react";
import { Link } from "wouter";
import { Badge, Empty, Read } from "../../ui/state";
import { Title } from "../../ui/title";
import { useLanguage, useWords } from "../../words/language";
import { dayAndTime } from "../../words/time";
import { PersonAccess } from "./person-access";
import { PersonFields } from "./person-fields";
import { PersonRoles } from "./person-roles";
import { STATES } from "./persons";
import { usePersons } from "./queries";
import { adminWords } from "./words";

/** One account: how to reach the person, how she comes in, what she may do. */
export default function PersonPage({ id }: { readonly id: string }) {
  const words = useWords(adminWords);
  const { language } = useLanguage();
  const persons = usePersons();
  return (
    <>
      <Link href="/admin/persons" className="row">
        <ArrowLeft size={16} aria-hidden="true" />
        {words.backToPersons}
      </Link>
      <Read of={persons}>
        {(all) => {
          const person = all.find((each) => each.id === id);
          if (!person)
            return (
              <>
                <Title>{words.persons}</Title>
                <Empty>{words.notFound}</Empty>
              </>
            );
          return (
            <>
              <Title>{person.display_name}</Title>
              <p className="row">
                <Badge state={STATES[person.status]}>{words.statusName(person.status)}</Badge>
                <span className="mono">{person.login}</span>
                <span className="muted">
                  {words.lastSignIn} :{" "}
                  {person.last_sign_in_at ? dayAndTime(person.last_sign_in_at, language) : words.never}
                </span>
              </p>
              <PersonAccess person={person} />
              <PersonRoles person={person} />
              <PersonFields person={person} />
            </>
          );
        }}
      </Read>
    </>
  );
}
