"""Grids and reviews of calls. Over HTTP."""

from fastapi import APIRouter

router = APIRouter(prefix="/v1", tags=["quality"])
