"""Messages to practitioners, until somebody acts. Over HTTP."""

from fastapi import APIRouter

router = APIRouter(prefix="/v1", tags=["messages"])
