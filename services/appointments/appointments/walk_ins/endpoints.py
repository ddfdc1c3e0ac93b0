"""HTTP of: who comes without an appointment."""

from fastapi import APIRouter

router = APIRouter(prefix="/v1", tags=["walk-ins"])
