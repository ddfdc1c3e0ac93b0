"""The five operations of a collection of reference rows over HTTP."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response

from cooperation.members import collections
from cooperation.members.collections import Collection, I, O, P
from maillage.http import ActDep, operation
from maillage.wire import Page

READ = operation("set.read")
SETUP = operation("setup.write")
Limit = Annotated[int, Query(ge=1, le=500)]
Cursor = Annotated[str | None, Query(max_length=1024)]


def serve(router: APIRouter, kept: Collection[I, P, O], *, one: bool = True) -> None:
    """List and one for who reads sets, the rest for who sets up. `one`: False where another noun shows the row.

    The names of the operations are those of the collection: `list_sites`, `show_site`, `add_site`, `change_site`,
    `retire_site`. Their words in the documentation are those of the wire types.
    """
    _reading(router, kept, one)
    _writing(router, kept)


def _reading(router: APIRouter, kept: Collection[I, P, O], one: bool) -> None:
    async def listed(
        act: ActDep, of: UUID | None = None, retired: bool = False, cursor: Cursor = None, limit: Limit = 100
    ) -> Response:
        return await act.show(collections.listed, kept, of, retired, cursor, limit)

    async def shown(row_id: UUID, act: ActDep) -> Response:
        return await act.show(collections.shown, kept, row_id)

    listed.__annotations__["of"] = Annotated[UUID | None, Query(alias=kept.of)]
    page = Page[kept.shown]  # type: ignore[name-defined]
    router.add_api_route(
        f"/{kept.many}", listed, methods=["GET"], name=f"list_{kept.many}", response_model=page, openapi_extra=READ,
        description=f"{_words(kept.shown)}\n\nBy id, those within reach; `retired=true`: also the retired ones.",
    )  # fmt: skip
    if one:
        router.add_api_route(
            f"/{kept.many}/{{row_id}}", shown, methods=["GET"], name=f"show_{kept.one}", response_model=kept.shown,
            openapi_extra=READ, description=_words(kept.shown),
        )  # fmt: skip


def _writing(router: APIRouter, kept: Collection[I, P, O]) -> None:
    async def added(body: I, act: ActDep) -> Response:
        return await act.answer(collections.added, kept, body, status=201)

    async def changed(row_id: UUID, body: P, act: ActDep) -> Response:
        return await act.answer(collections.changed, kept, row_id, body, act.if_match())

    async def retired(row_id: UUID, act: ActDep) -> Response:
        return await act.answer(collections.retired, kept, row_id, act.if_match())

    added.__annotations__["body"], changed.__annotations__["body"] = kept.given, kept.patch
    each, refused = f"/{kept.many}/{{row_id}}", _refused(kept)
    router.add_api_route(
        f"/{kept.many}", added, methods=["POST"], name=f"add_{kept.one}", response_model=kept.shown,
        openapi_extra=SETUP, status_code=201, description=f"{_words(kept.given)}\n\n{refused}.",
    )  # fmt: skip
    router.add_api_route(
        each, changed, methods=["PATCH"], name=f"change_{kept.one}", response_model=kept.shown, openapi_extra=SETUP,
        description=f"{_words(kept.patch)}\n\nWhat is left out stays, null empties. {refused}; `RETIRED` 409;"
        " `CANNOT_BE_EMPTY` 422; `VERSION_STALE` 412 with `If-Match`.",
    )  # fmt: skip
    router.add_api_route(
        f"{each}/retire", retired, methods=["POST"], name=f"retire_{kept.one}", response_model=kept.shown,
        openapi_extra=SETUP,
        description="Nothing new names it from now on; what was done with it stays readable. Refused: `IN_USE` 409"
        " while something stands on it, `RETIRED` 409, `VERSION_STALE` 412 with `If-Match`.",
    )  # fmt: skip


def _refused(kept: Collection[I, P, O]) -> str:
    taken = sorted({refusal.code for refusal in kept.taken.values()} | {"KNOWN_ALREADY"})
    known = ", ".join(f"`{code}` 409" for code in taken)
    return f"Refused: `REFERENCE_UNKNOWN` 422 for what is of another group or retired; {known}"


def _words(of: type) -> str:
    return " ".join((of.__doc__ or "").split())
