import { useState } from "react";
import { useLocation } from "wouter";
import { api, body, type Schema } from "../api/client";
import { type Session, useSession } from "../api/session";
import { useWords } from "../words/language";
import { ChooseContext } from "./context";
import { Enrol, SecondFactor } from "./factors";
import { Invitation } from "./invitation";
import { SignIn } from "./sign-in";
import { shellWords } from "./words";

export type Step = Schema<"gateway.Next">["next"];

/** Whether the console itself can be shown: a person with a context, or a wall screen. */
export function isOpen(session: Session): boolean {
  return session.kind === "wall" || (session.kind === "professional" && session.context != null);
}

/** Everything before the console: an invitation, password, second factor, choice of context. */
export function Gate() {
  const words = useWords(shellWords);
  const [location] = useLocation();
  return (
    <main className="gate">
      <h1>Maillage</h1>
      {location === "/invitation" ? <Invitation /> : <Steps />}
      <p className="small muted">{words.accessibility}</p>
    </main>
  );
}

/** The steps of one sign-in; also shown over a locked page. */
export function Steps({ onOpen }: { readonly onOpen?: () => void } = {}) {
  const { session, renew } = useSession();
  const [step, setStep] = useState<Step | null>(null);
  const goOn = async (next: Step) => {
    if (next === "done" || next === "context") {
      await renew();
      setStep(null);
      onOpen?.();
    } else setStep(next);
  };
  const again = () => setStep(null);
  if (step === "totp") return <SecondFactor onNext={goOn} onBack={again} />;
  if (step === "enrol") return <Enrol onNext={goOn} />;
  if (session.kind === "professional" && !session.context)
    return <ChooseContext onChosen={() => onOpen?.()} />;
  return <SignIn onNext={goOn} />;
}

/** Ends the session of this browser. */
export async function signOut(): Promise<void> {
  await body(api.DELETE("/auth/session"));
}
