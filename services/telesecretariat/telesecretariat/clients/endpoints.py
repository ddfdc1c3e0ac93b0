"""Client centres, assignments, catalogues, known numbers. Over HTTP."""

from fastapi import APIRouter

router = APIRouter(prefix="/v1", tags=["clients"])
