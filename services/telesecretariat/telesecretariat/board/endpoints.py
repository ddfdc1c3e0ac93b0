"""The floor as one snapshot. Over HTTP."""

from fastapi import APIRouter

router = APIRouter(prefix="/v1", tags=["board"])
