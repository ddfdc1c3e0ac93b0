"""What a client owes for a month. Over HTTP."""

from fastapi import APIRouter

router = APIRouter(prefix="/v1", tags=["invoices"])
