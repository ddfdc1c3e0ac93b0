"""HTTP of calendars. Included before the appointments' own router, whose `/{id}` would take the `.ics` for an id."""

from uuid import UUID

from fastapi import APIRouter, Response

from appointments.calendar import service
from maillage.http import ActDep, operation

router = APIRouter(prefix="/v1", tags=["appointments"])


@router.get(
    "/appointments/{appointment_id}.ics",
    response_class=Response,
    responses={200: {"content": {"text/calendar": {"schema": {"type": "string"}}}}},
    openapi_extra=operation("appointment.read"),
)
async def ics(appointment_id: UUID, act: ActDep) -> Response:
    """One appointment as iCalendar (RFC 5545), without its reason: UID and SEQUENCE follow it through every move."""
    text = await act.read(service.file, appointment_id, act.language, act.settings.public_url)
    headers = {"Content-Disposition": 'attachment; filename="rendez-vous.ics"', "Cache-Control": "private, no-store"}
    return Response(text.encode(), 200, headers, "text/calendar; charset=utf-8; method=PUBLISH")
