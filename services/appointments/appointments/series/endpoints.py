"""HTTP of: several visits asked for at once."""

from fastapi import APIRouter

router = APIRouter(prefix="/v1", tags=["series"])
