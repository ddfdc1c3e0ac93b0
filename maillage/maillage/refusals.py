"""Refusals: the answers that are not the wished one. Each has a stable code and a sentence a person can act on.

Sent as `application/problem+json` (RFC 9457). A noun declares its own in its `errors.py`; the ones every service
needs are here.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

from pydantic import JsonValue

from maillage.words import Language, Words


@dataclass(frozen=True, slots=True)
class FieldError:
    """One thing wrong in what was sent: a JSON pointer (RFC 6901) into the body, or `?name` for a parameter of the
    query.
    """

    pointer: str
    code: str
    detail: Words


_by_code: dict[str, type["Refusal"]] = {}


class Refusal(Exception):
    """Base of all refusals. Raised anywhere, it rolls the transaction back and becomes the answer."""

    code: ClassVar[str] = "REFUSED"
    status: ClassVar[int] = 400
    title: ClassVar[Words] = Words("Demande refusée", "Request refused")
    detail: ClassVar[Words] = Words("", "")

    def __init_subclass__(cls, **kwargs: object) -> None:
        """Keeps each refusal under its code, so that a field of a wire type may refuse with the code of its noun."""
        super().__init_subclass__(**kwargs)
        _by_code.setdefault(cls.code, cls)

    def __init__(
        self,
        *,
        pointer: str | None = None,
        errors: Sequence[FieldError] = (),
        headers: Mapping[str, str] | None = None,
        **extra: JsonValue,
    ) -> None:
        super().__init__(self.code)
        self.errors = tuple(errors) or ((FieldError(pointer, self.code, self.detail),) if pointer else ())
        self.headers = dict(headers or {})
        self.extra = extra

    def problem(self, language: Language, instance: str | None = None) -> dict[str, JsonValue]:
        """The body of RFC 9457, in one language. `instance` is the id of the request, for support."""
        body: dict[str, JsonValue] = {
            "type": f"https://maillage.example/problems/{self.code.lower().replace('_', '-')}",
            "code": self.code,
            "status": self.status,
            "title": self.title.in_(language),
            "detail": self.detail.in_(language),
        }
        if instance:
            body["instance"] = instance
        if self.errors:
            body["errors"] = [
                {"pointer": e.pointer, "code": e.code, "detail": e.detail.in_(language)} for e in self.errors
            ]
        return body | self.extra


def refusal_of(code: str) -> type[Refusal] | None:
    """The class that declares a code, for the codes that a field may refuse with (400, 422); else None."""
    known = _by_code.get(code)
    return known if known is not None and known.status in (400, 422) else None


class Unreadable(Refusal):
    """The request could not be read at all: broken JSON, duplicate keys, wrong encoding."""

    code, status = "UNREADABLE", 400
    title = Words("Demande illisible", "Unreadable request")
    detail = Words(
        "Le corps doit être du JSON en UTF-8, sans clé en double.",
        "The body must be UTF-8 JSON without duplicate keys.",
    )


class NotSignedIn(Refusal):
    """No valid proof of who is calling."""

    code, status = "NOT_SIGNED_IN", 401
    title = Words("Vous n'êtes pas connecté", "You are not signed in")
    detail = Words("Connectez-vous, puis recommencez.", "Sign in, then try again.")


class NotAllowed(Refusal):
    """The role does not carry the permission."""

    code, status = "NOT_ALLOWED", 403
    title = Words("Action non autorisée", "Not allowed")
    detail = Words("Votre rôle ne permet pas cette action.", "Your role does not include this action.")


class CsrfRefused(Refusal):
    """A form that was not made for this visitor or session."""

    code, status = "CSRF", 403
    title = Words("Formulaire expiré", "Form expired")
    detail = Words("Rechargez la page et envoyez le formulaire à nouveau.", "Reload the page and send the form again.")


class NotFound(Refusal):
    """Unknown, or not yours: the same answer for both."""

    code, status = "NOT_FOUND", 404
    title = Words("Introuvable", "Not found")
    detail = Words(
        "Cet élément n'existe pas ou ne vous est pas accessible.", "This item does not exist or is not yours to see."
    )


class MethodNotAllowed(Refusal):
    """The address exists, not for this method."""

    code, status = "METHOD_NOT_ALLOWED", 405
    title = Words("Méthode non permise", "Method not allowed")
    detail = Words("Cette adresse n'accepte pas cette méthode.", "This address does not accept this method.")


class WrongState(Refusal):
    """The state of the thing does not allow the event. Extra members: `state` and `allowed` events."""

    code, status = "WRONG_STATE", 409
    title = Words("Action impossible dans cet état", "Not possible in this state")
    detail = Words(
        "L'état a changé. Rechargez, puis choisissez une action permise.",
        "The state has changed. Reload, then choose an allowed action.",
    )


class KeyInvalid(Refusal):
    """`Idempotency-Key` is empty, too long or has characters beyond printable ASCII."""

    code, status = "KEY_INVALID", 400
    title = Words("Clé d'idempotence invalide", "Invalid idempotency key")
    detail = Words(
        "Idempotency-Key : 1 à 200 caractères ASCII imprimables.",
        "Idempotency-Key: 1 to 200 printable ASCII characters.",
    )


class KeyReused(Refusal):
    """The same key came with another request."""

    code, status = "KEY_REUSED", 422
    title = Words("Clé déjà utilisée pour une autre demande", "Key already used for another request")
    detail = Words("Utilisez une nouvelle clé pour une nouvelle demande.", "Use a new key for a new request.")


class KeyInUse(Refusal):
    """The same key is being worked on at this moment."""

    code, status = "KEY_IN_USE", 409
    title = Words("Demande déjà en cours", "Request already in progress")
    detail = Words(
        "La même demande est en cours. Réessayez dans une seconde.",
        "The same request is in progress. Try again in a second.",
    )


class VersionStale(Refusal):
    """`If-Match` names a version that is not the present one. Extra member: `version`."""

    code, status = "VERSION_STALE", 412
    title = Words("Modifié entre-temps", "Changed in the meantime")
    detail = Words("Relisez la version actuelle avant d'enregistrer.", "Read the present version before saving.")


class VersionUnreadable(Refusal):
    """`If-Match` is not an entity tag that this service gave."""

    code, status = "VERSION_UNREADABLE", 400
    title = Words("If-Match illisible", "Unreadable If-Match")
    detail = Words("Renvoyez l'ETag tel que reçu.", "Send the ETag back as received.")


class BodyTooLarge(Refusal):
    """More bytes than the operation takes."""

    code, status = "BODY_TOO_LARGE", 413
    title = Words("Envoi trop volumineux", "Too large")
    detail = Words("Réduisez la taille de l'envoi.", "Send less at once.")


class WrongMediaType(Refusal):
    """The body is not of a type the operation reads."""

    code, status = "MEDIA_TYPE", 415
    title = Words("Type de contenu non accepté", "Unsupported media type")
    detail = Words(
        "Envoyez le type de contenu indiqué dans la documentation.", "Send the content type named in the documentation."
    )


class Invalid(Refusal):
    """Read, understood, and wrong: `errors` says where."""

    code, status = "INVALID", 422
    title = Words("Données incorrectes", "Invalid data")
    detail = Words("Corrigez les champs indiqués, puis renvoyez.", "Correct the fields named, then send again.")


class CannotBeEmpty(Refusal):
    """A change would empty what must have a value."""

    code, status = "CANNOT_BE_EMPTY", 422
    title = Words("Champ obligatoire", "A value is needed")
    detail = Words("Renseignez ce champ : il ne peut pas être vide.", "Fill in this field: it cannot be empty.")


class FieldNotAllowed(Refusal):
    """A field that the caller may not set or that does not exist."""

    code, status = "FIELD_NOT_ALLOWED", 422
    title = Words("Champ non autorisé", "Field not allowed")
    detail = Words(
        "Retirez ce champ : il n'existe pas ou n'est pas fixé par l'appelant.",
        "Remove this field: it does not exist or is not yours to set.",
    )


class TimeInvalid(Refusal):
    """An instant that does not exist, has no offset, is off the grid or lies where it may not."""

    code, status = "TIME_INVALID", 422
    title = Words("Date ou heure incorrecte", "Invalid date or time")
    detail = Words(
        "Donnez un instant existant, avec son décalage horaire.", "Give an existing instant with its offset."
    )


class TextInvalid(Refusal):
    """Control or bidirectional characters, lone surrogates, blank or too long."""

    code, status = "TEXT_INVALID", 422
    title = Words("Texte incorrect", "Invalid text")
    detail = Words(
        "Retirez les caractères invisibles ou raccourcissez le texte.",
        "Remove invisible characters or shorten the text.",
    )


class PhoneInvalid(Refusal):
    """Not a phone number that can be called or written to."""

    code, status = "PHONE_INVALID", 422
    title = Words("Numéro de téléphone incorrect", "Invalid phone number")
    detail = Words(
        "Donnez un numéro complet, par exemple 06 39 98 00 01.",
        "Give a complete number, for instance +33 6 39 98 00 01.",
    )


class CursorInvalid(Refusal):
    """A cursor that this service did not give."""

    code, status = "CURSOR_INVALID", 422
    title = Words("Curseur incorrect", "Invalid cursor")
    detail = Words("Recommencez la liste depuis le début.", "Start the list again from the beginning.")


class ServiceUnavailable(Refusal):
    """A part below does not answer; nothing was done, or the same key tells."""

    code, status = "SERVICE_UNAVAILABLE", 503
    title = Words("Service momentanément indisponible", "Service unavailable for the moment")
    detail = Words("Réessayez dans quelques secondes.", "Try again in a few seconds.")

    def __init__(self, retry_after_s: int = 1) -> None:
        super().__init__(headers={"Retry-After": str(retry_after_s)})
