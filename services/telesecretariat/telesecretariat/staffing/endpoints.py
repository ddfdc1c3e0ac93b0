"""How many agents are needed, and what a number gives. Over HTTP."""

from fastapi import APIRouter

router = APIRouter(prefix="/v1", tags=["staffing"])
