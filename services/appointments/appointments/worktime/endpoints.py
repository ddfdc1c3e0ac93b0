"""HTTP of: working time of territorial staff: its rules, overrides that stay visible, hours against contract."""

from fastapi import APIRouter

router = APIRouter(prefix="/v1", tags=["working time"])
