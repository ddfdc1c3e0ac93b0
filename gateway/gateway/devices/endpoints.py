"""HTTP of: shared posts, known devices, wall screens, badges."""

from fastapi import APIRouter

router = APIRouter(tags=["devices"])
