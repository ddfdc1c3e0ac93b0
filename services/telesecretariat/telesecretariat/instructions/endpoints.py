"""Instructions of practitioners and centres, and the proof of what was shown. Over HTTP."""

from fastapi import APIRouter

router = APIRouter(prefix="/v1", tags=["instructions"])
