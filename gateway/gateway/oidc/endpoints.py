"""HTTP of: signing in with another issuer, Pro Santé Connect first."""

from fastapi import APIRouter

router = APIRouter(tags=["oidc"])
