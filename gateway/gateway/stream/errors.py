"""Refusals of the live stream, before its first byte."""

from gateway.stream.domain import MOST_TOPICS
from maillage.refusals import Refusal
from maillage.words import Words


class StreamLimit(Refusal):
    """This person has three streams open, or this process has as many as it bears."""

    code, status = "STREAM_LIMIT", 429
    title = Words("Trop d'écrans ouverts", "Too many open screens")
    detail = Words(
        "Fermez un onglet ou un autre écran ouvert avec votre compte, puis rechargez.",
        "Close a tab or another screen that is open with your account, then reload.",
    )

    def __init__(self) -> None:
        super().__init__(headers={"Retry-After": "5"})


class TopicsUnknown(Refusal):
    """`topics` names more than fifty, or one that is neither a service nor a type of event."""

    code, status = "TOPICS_UNKNOWN", 422
    title = Words("Sujets inconnus", "Unknown topics")
    detail = Words(
        f"Indiquez au plus {MOST_TOPICS} services ou types d'événement, séparés par des virgules.",
        f"Give at most {MOST_TOPICS} services or event types, separated by commas.",
    )
