"""What the search refuses."""

from maillage.refusals import Refusal
from maillage.words import Words


class RangeTooWide(Refusal):
    """More than 62 days asked at once."""

    code, status = "RANGE_TOO_WIDE", 422
    title = Words("Période trop longue", "Range too wide")
    detail = Words("Demandez 62 jours au plus à la fois.", "Ask for 62 days at most at a time.")
