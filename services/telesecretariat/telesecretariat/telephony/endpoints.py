"""Telephone systems: their events, their state, simulations. Over HTTP."""

from fastapi import APIRouter

router = APIRouter(prefix="/v1", tags=["telephony"])
