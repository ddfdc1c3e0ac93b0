"""HTTP of: the waiting list: who waits for a time, and to whom a freed time is offered."""

from fastapi import APIRouter

router = APIRouter(prefix="/v1", tags=["waiting list"])
