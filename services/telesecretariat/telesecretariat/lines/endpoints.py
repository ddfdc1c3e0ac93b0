"""Lines, their hours, what a closed one says. Over HTTP."""

from fastapi import APIRouter

router = APIRouter(prefix="/v1", tags=["lines"])
