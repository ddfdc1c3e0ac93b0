"""Callbacks: a place kept without staying on the line. Over HTTP."""

from fastapi import APIRouter

router = APIRouter(prefix="/v1", tags=["callbacks"])
