"""HTTP of: second factors: authenticators, recovery codes, step-up."""

from fastapi import APIRouter

router = APIRouter(tags=["factors"])
