"""Words of a patient's calendar entry."""

from maillage.words import Words

SUMMARY = Words("Rendez-vous", "Appointment")
REMOTE = Words("À distance", "By video")
BY_PHONE = Words("Par téléphone", "By telephone")
HOME = Words("À domicile", "At home")
PHONE = Words("Téléphone :", "Phone:")
