"""HTTP of: protocols of delegation to nurses."""

from fastapi import APIRouter

router = APIRouter(prefix="/v1", tags=["protocols"])
