"""HTTP of: activity, missed visits, access to care."""

from fastapi import APIRouter

router = APIRouter(prefix="/v1", tags=["reports"])
