"""Agents: their desk, their state. Over HTTP."""

from fastapi import APIRouter

router = APIRouter(prefix="/v1", tags=["agents"])
