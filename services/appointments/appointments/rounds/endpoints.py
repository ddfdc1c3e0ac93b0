"""HTTP of: visits at home and in care homes: the day's round."""

from fastapi import APIRouter

router = APIRouter(prefix="/v1", tags=["rounds"])
