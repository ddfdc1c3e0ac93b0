"""Rules of manage links. Pure."""

TRIES = 5


def is_locked(tries: int) -> bool:
    """After five wrong birth dates a link is closed for everybody, also for who had opened it."""
    return tries >= TRIES
