import { useQueryClient } from "@tanstack/react-query";
import { api, body } from "../../api/client";
import { useCommand } from "../../api/command";
import { Button } from "../../ui/button";
import { Dialog } from "../../ui/dialog";
import { faultAt, faultsShown, SelectField, TextField } from "../../ui/field";
import { RefusalStrip } from "../../ui/state";
import { useWords } from "../../words/language";
import { MEMBERSHIPS, PERSONS, type Person, textOf } from "./queries";
import { RoleSelect } from "./role-select";
import { invitationLink, Secret } from "./secret";
import { adminWords } from "./words";

const FIELDS = ["display_name", "login", "role", "email", "phone", "rpps"] as const;

/** A new account with its first role, invited by mail or by a link that is shown once. */
export function Invite({ onClose }: { readonly onClose: () => void }) {
  const words = useWords(adminWords);
  const client = useQueryClient();
  const invite = useCommand(
    (form: FormData) =>
      body(
        api.POST("/api/gateway/v1/persons", {
          body: {
            display_name: textOf(form, "display_name") ?? "",
            login: textOf(form, "login") ?? "",
            role: String(form.get("role")),
            email: textOf(form, "email"),
            phone: textOf(form, "phone"),
            rpps: textOf(form, "rpps"),
            language: form.get("language") === "en" ? "en" : "fr",
          },
        }),
      ),
    () => {
      void client.invalidateQueries({ queryKey: PERSONS });
      void client.invalidateQueries({ queryKey: MEMBERSHIPS });
    },
  );
  if (invite.done) return <Invited person={invite.done} onClose={onClose} />;
  const fault = (name: (typeof FIELDS)[number]) => faultAt(invite.refusal, `/${name}`);
  const shown = faultsShown(
    invite.refusal,
    FIELDS.map((name) => `/${name}`),
  );
  return (
    <Dialog title={words.invite} onClose={onClose}>
      <form
        className="stack"
        onSubmit={(event) => {
          event.preventDefault();
          void invite.run(new FormData(event.currentTarget));
        }}
      >
        <RefusalStrip refusal={shown ? null : invite.refusal} />
        <TextField
          label={words.name}
          name="display_name"
          fault={fault("display_name")}
          maxLength={200}
          required
        />
        <TextField
          label={words.login}
          hint={words.loginHint}
          name="login"
          fault={fault("login")}
          autoCapitalize="none"
          autoComplete="off"
          spellCheck={false}
          required
        />
        <RoleSelect fault={fault("role")} />
        <TextField
          label={words.email}
          hint={words.emailHint}
          name="email"
          type="email"
          fault={fault("email")}
        />
        <TextField label={words.phone} name="phone" type="tel" fault={fault("phone")} />
        <TextField label={words.rpps} name="rpps" inputMode="numeric" fault={fault("rpps")} />
        <SelectField label={words.language} name="language">
          <option value="fr">Français</option>
          <option value="en">English</option>
        </SelectField>
        <div className="foot">
          <Button onClick={onClose}>{words.cancel}</Button>
          <Button kind="primary" type="submit" busy={invite.pending}>
            {words.sendInvitation}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

/** What happens with an invitation that was just made: mailed, or a link to hand over. */
export function Invited({ person, onClose }: { readonly person: Person; readonly onClose: () => void }) {
  const words = useWords(adminWords);
  if (person.invitation) {
    return (
      <Secret
        title={words.invited}
        text={words.linkOnce}
        secret={invitationLink(person.invitation)}
        onDone={onClose}
      />
    );
  }
  return (
    <Dialog
      title={words.invited}
      onClose={onClose}
      foot={
        <Button kind="primary" onClick={onClose}>
          {words.backToPersons}
        </Button>
      }
    >
      <p>{words.mailed}</p>
    </Dialog>
  );
}
