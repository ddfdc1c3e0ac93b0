"""HTTP of: campaigns: what becomes of the appointments that an absence or a closure has hit."""

from fastapi import APIRouter

router = APIRouter(prefix="/v1", tags=["campaigns"])
