"""HTTP of: reading the audit of all services."""

from fastapi import APIRouter

router = APIRouter(tags=["audit"])
