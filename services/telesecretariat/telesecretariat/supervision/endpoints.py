"""What a supervisor does on the floor. Over HTTP."""

from fastapi import APIRouter

router = APIRouter(prefix="/v1", tags=["supervision"])
