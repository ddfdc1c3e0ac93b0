"""HTTP of: events for partners: webhooks and pull."""

from fastapi import APIRouter

router = APIRouter(tags=["subscriptions"])
