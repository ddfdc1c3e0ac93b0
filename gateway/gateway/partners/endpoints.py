"""HTTP of: partners' machines: clients, keys, tokens."""

from fastapi import APIRouter

router = APIRouter(tags=["partners"])
