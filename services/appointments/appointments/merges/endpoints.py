"""HTTP of: two files of one person: pairs found by night, merges, their undoing."""

from fastapi import APIRouter

router = APIRouter(prefix="/v1", tags=["merges"])
