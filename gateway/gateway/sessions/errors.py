"""Refusals of signing in and of sessions. None of them says whether a login exists."""

from datetime import datetime, timedelta
from typing import Final

from maillage.refusals import Refusal
from maillage.words import Words

NOT_HERE: Final = Words(
    "Ce lieu ne peut pas être choisi ici. Appelez l'administrateur de votre organisation : il vous y donne une "
    "fonction, ou fait enregistrer le numéro FINESS du lieu.",
    "This place cannot be chosen here. Call your organisation's administrator, who gives you a role there or has the "
    "place's FINESS number registered.",
)
"""Beside a place of work that the provider named and no organisation here has."""


class SignInRefused(Refusal):
    """Unknown login, wrong password, or a person who is not active: one answer for all."""

    code, status = "SIGN_IN_REFUSED", 401
    title = Words("Connexion refusée", "Sign-in refused")
    detail = Words("L'identifiant ou le mot de passe ne convient pas.", "The login or the password does not match.")


class SignInSlowed(Refusal):
    """Too many failures for this login; `Retry-After` says when the next try is read."""

    code, status = "SIGN_IN_SLOWED", 429
    title = Words("Trop d'essais", "Too many tries")
    detail = Words(
        "Attendez avant de réessayer, ou demandez à votre administrateur.",
        "Wait before trying again, or ask your administrator.",
    )

    def __init__(self, until: datetime, now: datetime) -> None:
        super().__init__(headers={"Retry-After": str(max(1, int((until - now) / timedelta(seconds=1)) + 1))})


class SessionOver(Refusal):
    """The session ended: signed out, idle, too old, or withdrawn."""

    code, status = "SESSION_ENDED", 401
    title = Words("Session terminée", "Session ended")
    detail = Words("Connectez-vous à nouveau.", "Sign in again.")


class ContextRequired(Refusal):
    """Several memberships, none chosen yet: `PUT /auth/session/context`."""

    code, status = "CONTEXT_REQUIRED", 409
    title = Words("Choisissez votre fonction", "Choose your role")
    detail = Words(
        "Choisissez l'organisation et la fonction sous lesquelles vous travaillez.",
        "Choose the organisation and role you work under.",
    )


class ContextChanged(Refusal):
    """The tab works under another context than the session: nothing was done."""

    code, status = "CONTEXT_CHANGED", 409
    title = Words("Votre fonction a changé dans un autre onglet", "Your role changed in another tab")
    detail = Words("Rechargez la page. Rien n'a été enregistré.", "Reload the page. Nothing was saved.")


class NoMembership(Refusal):
    """The person has no such role at this time."""

    code, status = "NO_MEMBERSHIP", 403
    title = Words("Aucune fonction active", "No active role")
    detail = Words(
        "Demandez à l'administrateur de votre organisation de vous donner une fonction.",
        "Ask your organisation's administrator to give you a role.",
    )


class PasswordWeak(Refusal):
    """Shorter than 12 characters, or among the first that anyone would try."""

    code, status = "PASSWORD_WEAK", 422
    title = Words("Mot de passe trop simple", "Password too simple")
    detail = Words(
        "Choisissez au moins 12 caractères, sans suite de touches, ni votre nom, ni celui de votre service, ni un mot "
        "courant suivi d'une année. Une phrase convient.",
        "Choose at least 12 characters, without keys in a row, your name, the name of your service, or a common word "
        "followed by a year. A sentence is fine.",
    )


class InvitationGone(Refusal):
    """Used, older than 24 hours, or never given."""

    code, status = "INVITATION_GONE", 410
    title = Words("Invitation expirée", "Invitation expired")
    detail = Words(
        "Demandez une nouvelle invitation à votre administrateur.", "Ask your administrator for a new invitation."
    )


class StepUpRequired(Refusal):
    """The act asks for a second factor proved lately: `POST /auth/step-up`, then the same request again.

    `max_age`: how old it may be, in seconds.
    """

    code, status = "STEP_UP_REQUIRED", 403
    title = Words("Confirmez votre identité", "Confirm your identity")
    detail = Words(
        "Saisissez le code de votre application d'authentification, puis recommencez. Rien n'a été enregistré.",
        "Type the code of your authenticator, then try again. Nothing was saved.",
    )
