"""Reports over calls, waits and agents. Over HTTP."""

from fastapi import APIRouter

router = APIRouter(prefix="/v1", tags=["reports"])
