"""Refusals of announcements."""

from maillage.refusals import Refusal
from maillage.words import Words


class AnnouncementExists(Refusal):
    """That client, or that line, has an announcement for this moment."""

    code, status = "ANNOUNCEMENT_EXISTS", 409
    title = Words("Annonce déjà réglée", "Announcement already set")
    detail = Words("Modifiez l'annonce qui existe pour ce moment.", "Change the announcement set for this moment.")
