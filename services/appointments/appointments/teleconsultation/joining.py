"""Between two transactions, the provider: joining a room, and the timed job that opens and closes rooms."""

from uuid import UUID

import structlog

from appointments.teleconsultation import domain, service
from appointments.teleconsultation.errors import VideoUnavailable
from appointments.teleconsultation.schemas import RoomOut
from appointments.teleconsultation.service import Visit
from appointments.teleconsultation.video import Room, VideoDown, video
from maillage import clock
from maillage.database import Database
from maillage.principal import Principal, system

log = structlog.get_logger()
_WORKER = system("appointments")


async def join(database: Database, who: Principal, appointment_id: UUID) -> str | None:
    """Where the patient is sent; None: his page says why not. A provider that fails him now hands the visit over to the
    telephone at once: he is waiting.
    """
    visit = await database.run(who, service.for_patient, appointment_id)
    if visit is None:
        return None
    try:
        return await video(database.settings).patient_url(await _room(database, visit))
    except VideoDown as down:
        log.warning("video down for a patient", appointment=str(visit.id), cause=str(down))
        await database.run(_WORKER, service.give_up_video, visit)
        return None


async def host(database: Database, who: Principal, appointment_id: UUID) -> RoomOut:
    """Where the practitioner is sent. Refused: as `for_host`, and `VIDEO_UNAVAILABLE`: he chooses what then."""
    visit = await database.run(who, service.for_host, appointment_id)
    try:
        url = await video(database.settings).host_url(await _room(database, visit))
    except VideoDown as down:
        log.warning("video down for a host", appointment=str(visit.id), cause=str(down))
        raise VideoUnavailable from None
    return RoomOut(appointment_id=visit.id, host_url=url, patient_seen_at=visit.patient_seen_at)


async def _room(database: Database, visit: Visit) -> Room:
    """The room, opened now if it is not yet. Two who open it at once get the same one: it is named by the visit's
    word.
    """
    if visit.room is not None:
        return visit.room
    room = await video(database.settings).open_room(visit.ref, visit.start, visit.end)
    await database.run(_WORKER, service.opened, visit, room)
    return room


async def tend_rooms(database: Database) -> None:
    """Timed job: opens rooms half an hour ahead, gives a provider up that does not answer, closes what is over."""
    for appointment_id in await database.run(_WORKER, service.due):
        visit = await database.run(_WORKER, service.to_open, appointment_id)
        if visit is not None and visit.room is None:
            await _open(database, visit)
    for appointment_id, room in await database.run(_WORKER, service.done):
        try:
            await video(database.settings).close(room)
        except VideoDown as down:
            log.warning("room not closed", appointment=str(appointment_id), cause=str(down))
        else:
            await database.run(_WORKER, service.closed, appointment_id)


async def _open(database: Database, visit: Visit) -> None:
    try:
        await _room(database, visit)
    except VideoDown as down:
        log.warning("video down", appointment=str(visit.id), cause=str(down))
        if domain.is_given_up(visit.start, clock.now()):
            await database.run(_WORKER, service.give_up_video, visit)
