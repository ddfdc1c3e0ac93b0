import { lazy, Suspense, useState } from "react";
import { Link, useLocation } from "wouter";
import { api, body, type Schema } from "../api/client";
import { type Session, useSession } from "../api/session";
import { dropDrafts } from "../calls/drafts";
import { Loading } from "../ui/state";
import { useWords } from "../words/language";
import { ChooseContext } from "./context";
import { Enrol, SecondFactor } from "./factors";
import { SignIn } from "./sign-in";
import { shellWords } from "./words";

const Invitation = lazy(() => import("./invitation"));
const Device = lazy(() => import("./device"));
const Accessibility = lazy(() => import("./accessibility"));

export type Step = Schema<"gateway.Next">["next"];

/** Pages that stand before the console whoever is signed in: a link from a letter, a code typed at a post. */
export const BEFORE: readonly string[] = ["/invitation", "/device"];

/** Whether the console itself can be shown: a person with a context, or a wall screen. */
export function isOpen(session: Session): boolean {
  return session.kind === "wall" || (session.kind === "professional" && session.context != null);
}

/** Everything before the console: an invitation, a device, password, second factor, choice of context. */
export function Gate() {
  const words = useWords(shellWords);
  const [location] = useLocation();
  const reading = location === "/accessibility";
  return (
    <main className="gate" data-wide={reading || undefined}>
      {reading ? (
        <Link href="/">{words.toSignIn}</Link>
      ) : (
        <>
          <p className="brand">Maillage</p>
          <h1 className="visually-hidden">{words.signInTitle}</h1>
        </>
      )}
      <Suspense fallback={<Loading />}>
        {location === "/invitation" ? (
          <Invitation />
        ) : location === "/device" ? (
          <Device />
        ) : reading ? (
          <Accessibility />
        ) : (
          <Steps />
        )}
      </Suspense>
      {reading ? null : (
        <p className="small">
          <Link href="/accessibility">{words.accessibility}</Link>
        </p>
      )}
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
      if (next === "done") onOpen?.();
    } else setStep(next);
  };
  const again = () => setStep(null);
  if (step === "totp") return <SecondFactor onNext={goOn} onBack={again} />;
  if (step === "enrol") return <Enrol onNext={goOn} />;
  if (session.kind === "professional" && !session.context)
    return <ChooseContext onChosen={() => onOpen?.()} />;
  return <SignIn onNext={goOn} />;
}

/** Ends the session of this browser; the page begins anew, with nothing of what was read. */
export async function signOut(): Promise<void> {
  // First: a time kept in one is given back by who kept it.
  dropDrafts();
  await body(api.DELETE("/auth/session"));
  window.location.replace("/console/");
}
