import type { ReactNode } from "react";
import { Button } from "../../ui/button";
import { Dialog } from "../../ui/dialog";
import { useToast } from "../../ui/toast";
import { useWords } from "../../words/language";
import { adminWords } from "./words";

/** A code or link that is told once: the window closes only when somebody says that it was passed on. */
export function Secret({
  title,
  text,
  secret,
  more,
  onDone,
}: {
  readonly title: string;
  readonly text: string;
  readonly secret: string;
  readonly more?: ReactNode;
  readonly onDone: () => void;
}) {
  const words = useWords(adminWords);
  const say = useToast();
  return (
    <Dialog
      title={title}
      onClose={onDone}
      mustAct
      foot={
        <>
          <Button
            onClick={() => {
              void navigator.clipboard?.writeText(secret).then(() => say(words.copied));
            }}
          >
            {words.copy}
          </Button>
          <Button kind="primary" onClick={onDone}>
            {words.done}
          </Button>
        </>
      }
    >
      <p>{text}</p>
      {more}
      <p className="admin-code">{secret}</p>
    </Dialog>
  );
}

/** Where an invitation is opened; the token stands behind `#`, which no server sees. */
export function invitationLink(token: string): string {
  return `${window.location.origin}/console/invitation#${token}`;
}
