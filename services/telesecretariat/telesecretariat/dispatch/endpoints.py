"""Who takes which call: next, claim, offers. Over HTTP."""

from fastapi import APIRouter

router = APIRouter(prefix="/v1", tags=["dispatch"])
