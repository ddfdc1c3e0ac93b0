"""What a caller is to this service: derived from the gateway's token, never sent by the caller."""

from typing import Literal
from uuid import UUID

from appointments.appointments.domain import Actor, Audience
from maillage.principal import Principal

Channel = Literal["phone", "online", "desk", "partner", "sas"]


def audience_of(principal: Principal) -> Audience:
    """For whom times must be open: a visitor or patient is the public, a professional the secretariat."""
    if principal.kind == "partner":
        return "partner"
    if principal.role == "regulator":
        return "regulator"
    return "secretariat" if principal.kind in ("professional", "system") else "public"


def actor_of(principal: Principal) -> Actor:
    """The caller as the state machine sees him."""
    return Actor(audience_of(principal), principal.role)


def channel_of(principal: Principal, call_id: UUID | None) -> Channel:
    """How the booking came in."""
    audience = audience_of(principal)
    if audience == "public":
        return "online"
    if audience == "partner":
        return "partner"
    if audience == "regulator":
        return "sas"
    return "phone" if call_id else "desk"


def owner_of(principal: Principal) -> str:
    """Whose a hold is: the visitor's ticket, which outlives the proof of a contact; else the person."""
    return f"visitor:{principal.visitor}" if principal.visitor else principal.sub
