"""What a machine may subscribe to, and when a person must prove himself anew. Pure."""

from collections.abc import Collection, Mapping, Sequence
from datetime import timedelta
from typing import Final

FRESH: Final = timedelta(minutes=15)
MOST: Final = 20


def first_refused(types: Sequence[str], readers: Mapping[str, Collection[str]], scopes: Collection[str]) -> int | None:
    """The place of the first type that the scopes do not read, or that is named twice; `readers`: of each type that
    partners may have, the permissions of which one is enough."""
    for place, kind in enumerate(types):
        if kind in types[:place] or not set(readers.get(kind, ())) & set(scopes):
            return place
    return None
