"""HTTP of devices: an administrator's posts and screens, the enrolment at the device, a person's own devices."""

from uuid import UUID

from fastapi import APIRouter, Response

from gateway.devices import domain, known, service
from gateway.devices.errors import EnrolmentGone
from gateway.devices.schemas import (
    DeviceIn,
    DeviceOut,
    DevicePatch,
    Devices,
    EnrolIn,
    EnrolledOut,
    KnownDevices,
)
from gateway.devices.service import Code
from gateway.door import cookies
from gateway.paging import Cursor, Limit
from gateway.platform import everywhere, told_once
from gateway.sessions.endpoints import house_of, set_session
from maillage.http import ActDep, operation
from maillage.ids import new_token

router = APIRouter(tags=["devices"])
READ = operation("account.write")
WRITE = operation("account.write", step_up_s=900)


@router.get("/v1/devices", response_model=Devices, openapi_extra=READ)
async def devices(act: ActDep, cursor: Cursor = None, limit: Limit = 50) -> Response:
    """Shared posts and wall screens of the own organisation, by id."""
    return await act.show(service.list_devices, cursor, limit)


@router.post("/v1/devices", status_code=201, response_model=DeviceOut, openapi_extra=WRITE)
async def add_device(body: DeviceIn, act: ActDep) -> Response:
    """A new shared post or wall screen. The answer tells the code that enrols it, once: to be typed at the device
    within 15 minutes. Refused: `TIME_INVALID` 422."""
    return told_once(await act.run(service.add, body, Code.new(house_of(act.request).signer)), 201)


@router.post("/v1/devices/{id}/code", response_model=DeviceOut, openapi_extra=WRITE)
async def new_code(id: UUID, act: ActDep) -> Response:
    """Another enrolment code for 15 minutes; the device that is enrolled now stays so until it is typed. Refused:
    `WRONG_STATE` 409 once the device has ended."""
    return told_once(await act.run(service.new_code, id, Code.new(house_of(act.request).signer)))


@router.patch("/v1/devices/{id}", response_model=DeviceOut, openapi_extra=WRITE)
async def change_device(id: UUID, body: DevicePatch, act: ActDep) -> Response:
    """Another label, another end; an end in the past means now: its sessions end within a second. Refused:
    `NOT_FOUND`, `WRONG_STATE` 409 once it has ended, `TIME_INVALID` 422, `VERSION_STALE` 412."""
    return await act.answer(service.change, id, body, act.if_match())


@router.post("/auth/devices", response_model=EnrolledOut, openapi_extra=operation("public", max_body=2_048))
async def enrol(body: EnrolIn, act: ActDep) -> Response:
    """This browser becomes the device whose code is typed: a shared post, where persons then sign in by badge, or a
    wall screen, which is signed in at once and only reads. Refused: `ENROLMENT_GONE` 410 (used, 15 minutes, unknown),
    `SIGN_IN_SLOWED` 429 after 20 wrong codes an hour from one address."""
    house, who, secret = house_of(act.request), everywhere(act.principal), new_token()
    address = service.address_key(house.signer, who.ip)
    await act.database.run(who, service.may_guess, address)
    try:
        done = await act.database.run(who, service.enrol, Code.typed(house.signer, body.code), secret)
    except EnrolmentGone:
        await act.database.run(who, service.guessed_wrong, address)
        raise
    answer = Response(done.model_dump_json(), media_type="application/json")
    if done.kind == "wall":
        return set_session(answer, house, secret, domain.COOKIE_S)
    rules = house.parts.rules
    answer.headers.append("set-cookie", rules.set(rules.device, secret, domain.COOKIE_S))
    return answer


@router.get("/auth/devices", response_model=KnownDevices, openapi_extra=operation("self"))
async def own_devices(act: ActDep) -> Response:
    """The browsers on which the caller completed a sign-in in the last 180 days, the last used first."""
    cookie = cookies.sent(act.request.scope, house_of(act.request).parts.rules.device)
    found = await act.database.read(everywhere(act.principal), known.own, cookie)
    return Response(found.model_dump_json(), media_type="application/json")


@router.delete("/auth/devices/{id}", status_code=204, openapi_extra=operation("self"))
async def forget_device(id: UUID, act: ActDep) -> Response:
    """That browser is not known any more; sessions opened on it as a known device end. Somebody else's: `NOT_FOUND`."""
    await act.database.run(everywhere(act.principal), known.forget, id)
    return Response(status_code=204)
