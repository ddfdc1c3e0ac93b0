"""A partner's machine at the door: its token, and the certificate that the token may be bound to."""

from gateway.door.request import Request
from gateway.door.tokens import Caller
from maillage.refusals import Refusal
from maillage.words import Words


class TokenInvalid(Refusal):
    """Unknown, ended or withdrawn, or bound to a certificate that did not come with it (RFC 6750, RFC 8705)."""

    code, status = "INVALID_TOKEN", 401
    title = Words("Jeton refusé", "Token refused")
    detail = Words("Demandez un nouveau jeton à /oauth/token.", "Ask /oauth/token for a new token.")

    def __init__(self) -> None:
        super().__init__(headers={"WWW-Authenticate": 'Bearer error="invalid_token"'})


def bound(caller: Caller, request: Request) -> bool:
    """Whether a bound token came with its certificate (invariant G9)."""
    return caller.x5t is None
