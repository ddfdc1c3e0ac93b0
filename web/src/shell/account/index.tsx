import { useSession } from "../../api/session";
import { Empty } from "../../ui/state";
import { Title } from "../../ui/title";
import { useWords } from "../../words/language";
import { Devices } from "./devices";
import { Factors } from "./factors";
import { Password } from "./password";
import { Sessions } from "./sessions";
import { accountWords } from "./words";

/** My security: password, second factor, sessions, devices. */
export default function Account() {
  const words = useWords(accountWords);
  const { session } = useSession();
  return (
    <div className="stack account">
      <Title>{words.title}</Title>
      {session.person ? (
        <>
          <p>
            <strong>{session.person.display_name}</strong>{" "}
            <span className="muted">{words.login(session.person.login)}</span>
          </p>
          <Factors />
          <Password />
          <Sessions />
          <Devices />
        </>
      ) : (
        <Empty>{words.noPerson}</Empty>
      )}
    </div>
  );
}
