"""Grids and reviews of calls. Over HTTP: no figure about a person outside her own and her supervisor's reach."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response

from maillage.http import ActDep, operation
from maillage.wire import Page
from telesecretariat.months import Month
from telesecretariat.quality import drawing, service
from telesecretariat.quality.domain import State
from telesecretariat.quality.schemas import (
    CommentIn,
    DrawIn,
    DrawOut,
    GridIn,
    GridOut,
    ReviewItem,
    ReviewOut,
    ScoreIn,
)

router = APIRouter(prefix="/v1/quality", tags=["quality"])
READ = operation("floor.supervise|call.handle")
SUPERVISE = operation("floor.supervise")
Limit = Annotated[int, Query(ge=1, le=100)]
Cursor = Annotated[str | None, Query(max_length=300)]


@router.get("/grids", response_model=Page[GridOut], openapi_extra=READ)
async def list_grids(act: ActDep, limit: Limit = 50, cursor: Cursor = None) -> Response:
    """What is looked at in a call, with weights that sum to 100; retired grids too, for reviews keep theirs."""
    return await act.show(service.grids, cursor, limit)


@router.post("/grids", status_code=201, response_model=GridOut, openapi_extra=SUPERVISE)
async def add_grid(body: GridIn, act: ActDep) -> Response:
    """A grid for one's own organisation; the one before retires. Refused: `GRID_WEIGHTS`, `CRITERION_TWICE` 422."""
    return await act.answer(service.add_grid, body, status=201)


@router.post(
    "/draws", status_code=201, response_model=DrawOut, openapi_extra=operation("floor.supervise", klass="bulk")
)
async def draw_calls(body: DrawIn, act: ActDep) -> Response:
    """Draws completed calls of a month for review, for each agent of one's own organisation up to `per_agent`: by the
    seed alone, no call twice. The service does so by itself on the 1st. Refused: `NO_GRID` 409."""
    return await act.answer(drawing.draw, body, status=201)


@router.get("/reviews", response_model=Page[ReviewItem], openapi_extra=READ)
async def list_reviews(
    act: ActDep,
    month: Month | None = None,
    agent_id: UUID | None = None,
    client_id: UUID | None = None,
    state: State | None = None,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> Response:
    """Reviews in reach, without scores; an agent's own once they are shared."""
    return await act.show(service.reviews, month, agent_id, client_id, state, cursor, limit)


@router.get("/reviews/{review_id}", response_model=ReviewOut, openapi_extra=READ)
async def read_review(review_id: UUID, act: ActDep) -> Response:
    """One review with its scores and words, and its ETag; audited. Refused: `NOT_FOUND` 404, also before it is shared
    to its agent."""
    return await act.show(service.review, review_id)


@router.post("/reviews/{review_id}/score", response_model=ReviewOut, openapi_extra=SUPERVISE)
async def score_review(review_id: UUID, body: ScoreIn, act: ActDep) -> Response:
    """Scores, again and again until it is shared; the total is reckoned by the weights. `If-Match` is honoured in all
    of these. Refused: `SCORES_INCOMPLETE` 422, `REVIEW_OWN` 403, `WRONG_STATE`, `REVIEW_FINAL` 409."""
    return await act.answer(service.score, review_id, body, act.if_match())


@router.post("/reviews/{review_id}/share", response_model=ReviewOut, openapi_extra=SUPERVISE)
async def share_review(review_id: UUID, act: ActDep) -> Response:
    """Shows it to its agent. Refused: `REVIEW_OWN` 403, `WRONG_STATE`, `REVIEW_FINAL` 409."""
    return await act.answer(service.share, review_id, act.if_match())


@router.post("/reviews/{review_id}/comment", response_model=ReviewOut, openapi_extra=operation("call.handle"))
async def comment_review(review_id: UUID, body: CommentIn, act: ActDep) -> Response:
    """The agent's answer, once; null says that it was read. Refused: `REVIEW_OF_OTHER` 403, `WRONG_STATE`,
    `REVIEW_FINAL` 409, `NOT_FOUND` 404."""
    return await act.answer(service.comment, review_id, body, act.if_match())


@router.post("/reviews/{review_id}/finish", response_model=ReviewOut, openapi_extra=SUPERVISE)
async def finish_review(review_id: UUID, act: ActDep) -> Response:
    """Ends it after the agent's comment, or 14 days after it was shared. Refused: `COMMENT_PENDING`, `WRONG_STATE`,
    `REVIEW_FINAL` 409, `REVIEW_OWN` 403."""
    return await act.answer(service.finish, review_id, act.if_match())
