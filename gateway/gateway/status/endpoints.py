"""HTTP of: the table of permissions and the state of services."""

from fastapi import APIRouter

router = APIRouter(tags=["status"])
