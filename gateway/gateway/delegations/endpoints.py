"""HTTP of: who acts for whom."""

from fastapi import APIRouter

router = APIRouter(tags=["delegations"])
