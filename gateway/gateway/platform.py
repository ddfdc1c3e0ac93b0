"""What belongs to no organisation still needs one in the audit: the platform itself."""

from dataclasses import replace
from typing import Final
from uuid import NAMESPACE_URL, UUID, uuid5

from fastapi import Response

from maillage.http import Act
from maillage.principal import Principal
from maillage.wire import Wire

PLATFORM: Final[UUID] = uuid5(NAMESPACE_URL, "maillage:platform")


def everywhere(principal: Principal) -> Principal:
    """The same caller, over all organisations: for acts about oneself, whose rows may lie in several."""
    return replace(principal, orgs=None)


def told_once(body: Wire, status: int = 200) -> Response:
    """An answer with a secret in it: not kept for a repeated key, which would keep the secret."""
    return Response(body.model_dump_json(), status, {"Cache-Control": "no-store"}, "application/json")


def over_all(act: Act) -> Act:
    """The same request over all organisations: for use cases that decide themselves what of it the caller reaches."""
    return Act(act.request, everywhere(act.principal), act.permission)
