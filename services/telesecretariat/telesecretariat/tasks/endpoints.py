"""Tasks of the desk. Over HTTP."""

from fastapi import APIRouter

router = APIRouter(prefix="/v1", tags=["tasks"])
