"""Calls: what is said, known and decided during one. Over HTTP."""

from fastapi import APIRouter

router = APIRouter(prefix="/v1", tags=["calls"])
