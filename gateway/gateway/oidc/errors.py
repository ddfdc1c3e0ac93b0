"""Refusals of signing in with another issuer. People read them as pages: each says what to do next."""

from maillage.refusals import Refusal
from maillage.words import Words


class BadReturnPage(Refusal):
    """`return_to` is none of our own pages."""

    code, status = "BAD_RETURN", 400
    title = Words("Adresse de retour incorrecte", "Invalid return address")
    detail = Words(
        "Le lien que vous avez suivi ne mène pas à une page de ce service. Recommencez depuis la page d'accueil.",
        "The link you followed does not lead to a page of this service. Start again from the home page.",
    )


class OidcState(Refusal):
    """The way back was forged, used, too late (10 min), or came in another browser."""

    code, status = "OIDC_STATE", 400
    title = Words("Connexion à recommencer", "Sign in again")
    detail = Words(
        "Cette connexion a expiré, a déjà servi, ou a commencé dans un autre navigateur. Recommencez.",
        "This sign-in has expired, was already used, or began in another browser. Start again.",
    )


class OidcRefused(Refusal):
    """The provider said no, or the person gave up there."""

    code, status = "OIDC_REFUSED", 403
    title = Words("Connexion non aboutie", "Sign-in not completed")
    detail = Words(
        "Le service d'identification n'a pas confirmé votre identité. Recommencez, ou choisissez un autre moyen.",
        "The identity provider did not confirm who you are. Try again, or choose another way.",
    )


class OidcToken(Refusal):
    """The provider's token is not one for us: signature, issuer, audience, time, nonce. The log says which."""

    code, status = "OIDC_TOKEN", 403
    title = Words("Réponse d'identification non valable", "Invalid identity answer")
    detail = Words(
        "La réponse du service d'identification ne peut pas être acceptée. Recommencez ; si cela se répète, "
        "prévenez l'administrateur de votre organisation.",
        "The identity provider's answer cannot be accepted. Try again; if it happens again, tell your "
        "organisation's administrator.",
    )


class AcrTooLow(Refusal):
    """Signed in there, but less surely than we ask."""

    code, status = "ACR_TOO_LOW", 403
    title = Words("Niveau d'identification insuffisant", "Identity proof too weak")
    detail = Words(
        "Identifiez-vous avec votre carte CPS ou l'application e-CPS, puis recommencez.",
        "Identify yourself with your CPS card or the e-CPS app, then try again.",
    )


class OidcOtherPerson(Refusal):
    """Asked to confirm one's identity, somebody else did."""

    code, status = "OIDC_OTHER_PERSON", 403
    title = Words("Ce n'est pas la même personne", "This is not the same person")
    detail = Words(
        "L'identité confirmée n'est pas celle de la session ouverte. Déconnectez-vous avant de changer de personne.",
        "The identity confirmed is not that of the open session. Sign out before another person signs in.",
    )


class ProviderAway(Refusal):
    """The provider does not answer, or not as it says it would."""

    code, status = "PROVIDER_AWAY", 503
    title = Words("Service d'identification indisponible", "Identity provider unavailable")
    detail = Words(
        "Le service d'identification ne répond pas. Réessayez dans une minute, connectez-vous avec votre identifiant "
        "et votre mot de passe, ou demandez à l'administrateur de votre organisation un accès temporaire.",
        "The identity provider does not answer. Try again in a minute, sign in with your login and password, or ask "
        "your organisation's administrator for temporary access.",
    )

    def __init__(self) -> None:
        super().__init__(headers={"Retry-After": "60"})


class UnknownHere(Refusal):
    """Known to the provider, but nobody gave this person a role here, or the account is not active."""

    code, status = "NO_MEMBERSHIP", 403
    title = Words("Pas encore d'accès ici", "No access here yet")
    detail = Words(
        "Votre identité est confirmée, mais aucun accès actif ne vous a été donné. Appelez l'administrateur de votre "
        "organisation : il peut l'ouvrir avec votre numéro RPPS.",
        "Your identity is confirmed, but no active access was given to you. Call your organisation's administrator, "
        "who can open it with your RPPS number.",
    )
