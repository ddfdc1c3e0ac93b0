"""Hand-over between shifts. Over HTTP."""

from fastapi import APIRouter

router = APIRouter(prefix="/v1", tags=["handovers"])
