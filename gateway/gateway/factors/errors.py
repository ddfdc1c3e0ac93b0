"""Refusals of second factors."""

from maillage.refusals import Refusal
from maillage.words import Words


class SecondFactorRefused(Refusal):
    """A wrong code, one that was used already, or one of another time."""

    code, status = "SECOND_FACTOR_REFUSED", 401
    title = Words("Code refusé", "Code refused")
    detail = Words(
        "Le code ne convient pas ou a déjà servi. Attendez le suivant, puis saisissez-le.",
        "The code does not match or was used already. Wait for the next one, then type it.",
    )


class SignInExpired(Refusal):
    """No sign-in waits in this browser: its time is over, it was tried too often, or it was never begun."""

    code, status = "SIGN_IN_EXPIRED", 410
    title = Words("Connexion à recommencer", "Sign-in to begin again")
    detail = Words(
        "Recommencez avec votre identifiant et votre mot de passe.", "Begin again with your login and your password."
    )


class NoSecondFactor(Refusal):
    """The person has no authenticator: it must be enrolled first."""

    code, status = "NO_SECOND_FACTOR", 409
    title = Words("Aucun second facteur", "No second factor")
    detail = Words(
        "Enregistrez d'abord une application d'authentification dans « Ma sécurité ».",
        "Enrol an authenticator first, under “My security”.",
    )


class SignInAgain(Refusal):
    """A first authenticator may be enrolled only shortly after the password was typed."""

    code, status = "SIGN_IN_AGAIN", 403
    title = Words("Connectez-vous à nouveau", "Sign in again")
    detail = Words(
        "Déconnectez-vous, puis connectez-vous avec votre mot de passe : cette action suit la connexion de peu.",
        "Sign out, then sign in with your password: this act follows shortly after.",
    )


class NoEnrolment(Refusal):
    """No enrolment is under way, or it is older than 15 minutes."""

    code, status = "NO_ENROLMENT", 409
    title = Words("Aucun enregistrement en cours", "No enrolment under way")
    detail = Words("Demandez un nouveau QR code.", "Ask for a new QR code.")
