"""Refusals about partners' machines: those of their registration, those of `/oauth` (RFC 6749), and in plain words why
a machine was last refused."""

import json
from collections.abc import Mapping
from typing import Final

from maillage.refusals import Refusal
from maillage.words import Words


class KeyWeak(Refusal):
    """Not a set of public keys that are strong enough, each with a name of its own."""

    code, status = "KEY_WEAK", 422
    title = Words("Clé non acceptée", "Key not accepted")
    detail = Words(
        "Donnez 1 à 20 clés publiques, chacune avec son propre kid : EC P-256 ou P-384, ou RSA de 2048 bits au moins. "
        "Une clé privée ne s'envoie jamais : si c'est arrivé, faites-en une autre.",
        "Give 1 to 20 public keys, each with its own kid: EC P-256 or P-384, or RSA of at least 2048 bits. "
        "A private key is never sent: if it was, make another.",
    )


class ScopeUnknown(Refusal):
    """A scope that no machine may hold."""

    code, status = "SCOPE_UNKNOWN", 422
    title = Words("Droit inconnu", "Unknown scope")
    detail = Words(
        "Choisissez parmi les droits que peut avoir une machine ; la documentation des partenaires les donne.",
        "Choose among the scopes that a machine may hold; the partners' documentation lists them.",
    )


class ReachNotForKind(Refusal):
    """Only operators, the SAMU and the ARS let a machine reach the whole territory."""

    code, status = "REACH_NOT_FOR_KIND", 422
    title = Words("Portée impossible", "Reach not possible")
    detail = Words(
        "Votre organisation ne peut pas ouvrir tout le territoire à une machine.",
        "Your organisation cannot open the whole territory to a machine.",
    )


class CertificateTaken(Refusal):
    """Another client is proved by this issuer, name and unit."""

    code, status = "CERTIFICATE_TAKEN", 409
    title = Words("Certificat déjà enregistré", "Certificate already registered")
    detail = Words(
        "Un autre client est reconnu par ce certificat. Appelez l'opérateur de la plateforme.",
        "Another client is known by this certificate. Call the platform's operator.",
    )


class CertificateUnreadable(Refusal):
    """Neither a SHA-256 thumbprint nor a distinguished name with common name and unit."""

    code, status = "CERTIFICATE_UNREADABLE", 422
    title = Words("Certificat illisible", "Unreadable certificate")
    detail = Words(
        "Donnez l'empreinte SHA-256 du certificat, ou bien son émetteur (CN=…,O=…,C=…), son CN et son OU.",
        "Give the certificate's SHA-256 thumbprint, or else its issuer (CN=…,O=…,C=…), CN and OU.",
    )


class InvalidRequest(Refusal):
    """A parameter is missing, repeated or unreadable (RFC 6749 5.2)."""

    code, status = "INVALID_REQUEST", 400
    title = Words("Demande incorrecte", "Invalid request")
    detail = Words(
        "Envoyez un formulaire application/x-www-form-urlencoded, chaque champ une fois.",
        "Send an application/x-www-form-urlencoded form, each field once.",
    )


class InvalidClient(Refusal):
    """The assertion proves no client. Always the same answer; the administrator reads why in the client's page."""

    code, status = "INVALID_CLIENT", 401
    title = Words("Machine non reconnue", "Client not authenticated")
    detail = Words(
        "L'assertion n'est pas acceptée ; l'administrateur en lit la raison sur la page de ce client.",
        "The assertion is not accepted; the administrator reads the reason on the page of this client.",
    )


class InvalidScope(Refusal):
    """More than was granted, or a word that means nothing."""

    code, status = "INVALID_SCOPE", 400
    title = Words("Droit non accordé", "Scope not granted")
    detail = Words("Demandez seulement des droits accordés.", "Ask only for scopes that were granted.")


class UnsupportedGrantType(Refusal):
    """Machines get tokens by `client_credentials` only."""

    code, status = "UNSUPPORTED_GRANT_TYPE", 400
    title = Words("Type de demande non accepté", "Grant type not supported")
    detail = Words("Utilisez grant_type=client_credentials.", "Use grant_type=client_credentials.")


class TokenSlowed(Refusal):
    """Too many refused assertions of one client from one address, or of one address. Good ones still pass."""

    code, status = "TEMPORARILY_UNAVAILABLE", 429
    title = Words("Trop d'assertions refusées", "Too many refused assertions")
    detail = Words(
        "Corrigez l'assertion ; attendez avant de réessayer.", "Correct the assertion; wait before trying again."
    )

    def __init__(self, wait_s: int) -> None:
        super().__init__(headers={"Retry-After": str(wait_s)})


_ERRORS: Final = frozenset({"INVALID_REQUEST", "INVALID_CLIENT", "INVALID_SCOPE", "UNSUPPORTED_GRANT_TYPE"})


def oauth_body(refusal: Refusal) -> bytes:
    """Any refusal as `/oauth` says it: RFC 6749 5.2, not problem+json."""
    if refusal.code in _ERRORS:
        error = refusal.code.lower()
    elif refusal.status in (401, 403):
        error = "invalid_client"
    else:
        error = "temporarily_unavailable" if refusal.status in (429, 503) else "invalid_request"
    return json.dumps({"error": error, "error_description": refusal.detail.en}).encode()


REASONS: Final[Mapping[str, Words]] = {
    "ALG_NOT_ALLOWED": Words(
        "Signature d'un autre type que ES256, ES384, PS256, PS384 ou RS384.",
        "Signed by another algorithm than ES256, ES384, PS256, PS384 or RS384.",
    ),
    "ASSERTION_EXPIRED": Words(
        "Assertion périmée : vérifiez l'horloge de la machine.", "Assertion expired: check the machine's clock."
    ),
    "ASSERTION_REPLAYED": Words(
        "La même assertion (jti) est venue deux fois : il en faut une nouvelle par demande.",
        "The same assertion (jti) came twice: each request needs a new one.",
    ),
    "ASSERTION_TOO_LONG": Words(
        "exp est à plus de cinq minutes : raccourcissez l'assertion ou vérifiez l'horloge.",
        "exp is more than five minutes ahead: shorten the assertion or check the clock.",
    ),
    "AUDIENCE_WRONG": Words(
        "aud n'est pas exactement l'adresse de /oauth/token, en un seul texte.",
        "aud is not exactly the address of /oauth/token, as one text.",
    ),
    "CLIENT_CHANGED": Words(
        "Le client a été modifié pendant la demande : recommencez.", "The client was changed meanwhile: try again."
    ),
    "CLIENT_SUSPENDED": Words("Ce client est suspendu.", "This client is suspended."),
    "HEADER_NOT_ALLOWED": Words(
        "L'en-tête de l'assertion contient crit ou b64.", "The assertion's header contains crit or b64."
    ),
    "ISSUER_WRONG": Words(
        "iss et sub doivent être tous deux l'identifiant du client.", "iss and sub must both be the client's id."
    ),
    "JKU_FOREIGN": Words("jku n'est pas l'adresse de clés enregistrée.", "jku is not the registered address of keys."),
    "JTI_MISSING": Words("jti manque ou dépasse 200 signes.", "jti is missing or longer than 200 signs."),
    "KEYS_UNREACHABLE": Words(
        "L'adresse de clés ne donne pas de clés lisibles.", "The address of keys gives no readable keys."
    ),
    "KID_UNKNOWN": Words(
        "Aucune clé enregistrée ne porte ce kid, ou pas pour cet algorithme.",
        "No registered key has this kid, or not for this algorithm.",
    ),
    "SCOPE_BEYOND_GRANT": Words(
        "Un droit demandé n'est pas accordé à ce client.", "A scope that was asked is not granted to this client."
    ),
    "SIGNATURE_WRONG": Words(
        "La signature ne correspond pas à la clé de ce kid.", "The signature does not match the key of this kid."
    ),
    "TIMES_WRONG": Words(
        "exp, nbf ou iat manque, n'est pas un nombre, ou ne va pas avec l'heure : vérifiez l'horloge.",
        "exp, nbf or iat is missing, is not a number, or does not fit the time: check the clock.",
    ),
}
"""Why an assertion was refused, for the administrator. The one who sent it is never told."""
OTHER_REASON: Final = Words("Assertion refusée.", "Assertion refused.")
