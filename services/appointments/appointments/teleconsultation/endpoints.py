"""HTTP of: visits by video: the room, and the telephone when it fails."""

from fastapi import APIRouter

router = APIRouter(prefix="/v1", tags=["teleconsultation"])
