"""Wire types of second factors."""

from typing import Annotated, Literal

from pydantic import Field

from maillage.wire import Instant, Wire

TypedCode = Annotated[str, Field(max_length=64)]


class CodeIn(Wire):
    """A code as typed: spaces, hyphens and digits of any script are understood."""

    code: TypedCode


class EnrolmentOut(Wire):
    """A new authenticator, shown once: `secret` in base 32 to be typed, `uri` (`otpauth:`) to be opened, `qr` to be
    scanned: the data URI of an SVG. It counts when its first code was confirmed, within 15 minutes."""

    secret: str
    uri: str
    qr: str


class RecoveryCodes(Wire):
    """Ten codes, shown once; each opens one sign-in without the authenticator. Those given before no longer work."""

    recovery_codes: list[str]


class Enrolled(RecoveryCodes):
    """The authenticator counts from now on. `next` as after a sign-in."""

    next: Literal["done", "context"]


class StepUpDone(Wire):
    """The second factor is proved afresh."""

    next: Literal["done"] = "done"


class FactorsOut(Wire):
    """What stands between others and the caller's account."""

    password_changed_at: Instant | None
    totp_since: Instant | None
    recovery_codes_left: int
