import { ChevronDown } from "lucide-react";
import { useId, useState } from "react";
import { Link } from "wouter";
import { useSession } from "../api/session";
import { Button } from "../ui/button";
import { Dialog } from "../ui/dialog";
import { SelectField } from "../ui/field";
import { type Language, useLanguage, useWords } from "../words/language";
import { ChooseContext } from "./context";
import { signOut } from "./gate";
import { type Theme, useTheme } from "./theme";
import { shellWords } from "./words";

/** Who one is and where, always visible; context, language, appearance, sign-out behind it. */
export function PersonMenu() {
  const words = useWords(shellWords);
  const { session } = useSession();
  const { language, choose } = useLanguage();
  const { theme, choose: chooseTheme } = useTheme();
  const [changing, setChanging] = useState(false);
  const id = useId();
  const context = session.context;
  const close = () => document.getElementById(id)?.hidePopover();
  if (session.kind !== "professional" || !context) return null;
  return (
    <>
      <button type="button" className="button person" popoverTarget={id}>
        <span>
          <strong>{session.person?.display_name}</strong>
          <span className="small muted">
            {words.role(context.role)}, {context.organisation_name}
          </span>
        </span>
        <ChevronDown size={16} aria-hidden="true" />
      </button>
      <div id={id} popover="auto" className="panel stack person-menu">
        <p className="who">
          <strong>{session.person?.display_name}</strong>
          <br />
          {words.role(context.role)}, {context.organisation_name}
        </p>
        {(session.contexts?.length ?? 0) > 1 ? (
          <Button onClick={() => setChanging(true)}>{words.changeContext}</Button>
        ) : null}
        <SelectField
          label={words.language}
          value={language}
          onChange={(event) => choose(event.target.value as Language)}
        >
          <option value="fr">Français</option>
          <option value="en">English</option>
        </SelectField>
        <SelectField
          label={words.theme}
          value={theme}
          onChange={(event) => chooseTheme(event.target.value as Theme)}
        >
          <option value="system">{words.system}</option>
          <option value="light">{words.light}</option>
          <option value="dark">{words.dark}</option>
        </SelectField>
        <Link className="button" href="/account" onClick={close}>
          {words.account}
        </Link>
        <Button onClick={() => void signOut()}>{words.signOut}</Button>
        <Link className="small" href="/accessibility" onClick={close}>
          {words.accessibility}
        </Link>
      </div>
      {changing ? (
        <Dialog title={words.changeContext} onClose={() => setChanging(false)}>
          <ChooseContext onChosen={() => window.location.replace("/console/")} />
        </Dialog>
      ) : null}
    </>
  );
}
