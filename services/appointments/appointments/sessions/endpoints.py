"""HTTP of: days on which a practitioner from elsewhere receives at a site."""

from fastapi import APIRouter

router = APIRouter(prefix="/v1", tags=["sessions"])
