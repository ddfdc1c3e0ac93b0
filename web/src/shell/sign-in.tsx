import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { api, body } from "../api/client";
import { useCommand } from "../api/command";
import { Button } from "../ui/button";
import { TextField } from "../ui/field";
import { RefusalStrip } from "../ui/state";
import { useLanguage, useWords } from "../words/language";
import { BadgeSignIn, postLabel } from "./badge";
import type { Step } from "./gate";
import { shellWords } from "./words";

/** Login and password, and the other ways in that the door offers; at a shared post badge and PIN come first. */
export function SignIn({ onNext }: { readonly onNext: (next: Step) => void }) {
  const [byBadge, setByBadge] = useState(() => postLabel() !== null);
  if (byBadge) return <BadgeSignIn onNext={onNext} onPassword={() => setByBadge(false)} />;
  return <PasswordSignIn onNext={onNext} onBadge={() => setByBadge(true)} />;
}

/** Nothing that is typed leaves the form but to the door; password managers and paste work. */
function PasswordSignIn({
  onNext,
  onBadge,
}: {
  readonly onNext: (next: Step) => void;
  readonly onBadge: () => void;
}) {
  const words = useWords(shellWords);
  const { language } = useLanguage();
  const ways = useQuery({
    queryKey: ["gateway", "providers"],
    queryFn: () => body(api.GET("/auth/providers")),
    staleTime: 60_000,
  });
  const enter = useCommand(
    (given: { login: string; password: string }) => body(api.POST("/auth/password", { body: given })),
    (answer) => onNext(answer.next),
  );
  const elsewhere = ways.data?.items.filter((way) => way.kind === "oidc") ?? [];
  const returnTo = encodeURIComponent(window.location.pathname + window.location.search);
  return (
    <form
      className="panel stack"
      onSubmit={(event) => {
        event.preventDefault();
        const given = new FormData(event.currentTarget);
        void enter.run({ login: String(given.get("login")), password: String(given.get("password")) });
      }}
    >
      <h2>{words.signInTitle}</h2>
      <RefusalStrip refusal={enter.refusal} />
      <TextField
        label={words.login}
        name="login"
        autoComplete="username"
        autoCapitalize="none"
        spellCheck={false}
        autoFocus
        required
      />
      <TextField
        label={words.password}
        name="password"
        type="password"
        autoComplete="current-password"
        required
      />
      <Button kind="primary" type="submit" busy={enter.pending}>
        {words.signIn}
      </Button>
      {elsewhere.map((way) => (
        <a key={way.id} className="button" href={`${way.href}&return_to=${returnTo}`}>
          {words.orWith(way.name[language])}
        </a>
      ))}
      <Button kind="quiet" onClick={onBadge}>
        {words.byBadge}
      </Button>
    </form>
  );
}
