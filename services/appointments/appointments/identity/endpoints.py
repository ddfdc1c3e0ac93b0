"""HTTP of: how an identity is checked: documents, INS, doubt."""

from fastapi import APIRouter

router = APIRouter(prefix="/v1", tags=["identity"])
