"""Refusals of subscriptions."""

from maillage.refusals import Refusal
from maillage.words import Words


class TypeNotAllowed(Refusal):
    """An event type that does not exist, that partners do not get, or that the machine's scopes do not read."""

    code, status = "TYPE_NOT_ALLOWED", 422
    title = Words("Type d'événement non permis", "Event type not allowed")
    detail = Words(
        "Choisissez des types ouverts aux partenaires, que les droits de cette machine permettent de lire.",
        "Choose types that are open to partners and that this machine's scopes may read.",
    )


class EndpointUnreachable(Refusal):
    """The address did not answer a signed `ping` with 2xx. Extra members: `failure`, and `answered` (its status)."""

    code, status = "ENDPOINT_UNREACHABLE", 422
    title = Words("L'adresse ne répond pas", "The address does not answer")
    detail = Words(
        "L'adresse doit répondre 2xx à un « ping » signé en moins de 15 secondes. Corrigez-la, puis recommencez.",
        "The address must answer a signed “ping” with 2xx within 15 seconds. Correct it, then try again.",
    )


class CursorTooOld(Refusal):
    """Events after this cursor have been forgotten: read the present state, then begin without a cursor."""

    code, status = "CURSOR_TOO_OLD", 410
    title = Words("Curseur trop ancien", "Cursor too old")
    detail = Words(
        "Les événements sont gardés 30 jours. Relisez l'état actuel, puis reprenez sans curseur.",
        "Events are kept for 30 days. Read the present state again, then go on without a cursor.",
    )


class TooManySubscriptions(Refusal):
    """A machine has at most twenty."""

    code, status = "TOO_MANY_SUBSCRIPTIONS", 409
    title = Words("Trop d'abonnements", "Too many subscriptions")
    detail = Words(
        "Une machine a au plus vingt abonnements : supprimez-en un, ou donnez plusieurs types au même.",
        "A machine has twenty subscriptions at most: delete one, or give one several types.",
    )
