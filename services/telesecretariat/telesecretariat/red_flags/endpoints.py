"""Danger of life: the 15 in one act. Over HTTP."""

from fastapi import APIRouter

router = APIRouter(prefix="/v1", tags=["red_flags"])
