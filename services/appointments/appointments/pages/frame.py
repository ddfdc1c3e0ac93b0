"""The frame of the patient pages: the centre, its phone line and whether somebody answers, the foot."""

from maillage.pages import FooterLink, Frame, PhoneLine
from maillage.words import Words

TASK = Words("Prendre rendez-vous", "Book an appointment")
SIGNS = Words(
    "Douleur dans la poitrine, difficulté à respirer, paralysie, malaise grave",
    "Chest pain, trouble breathing, paralysis, sudden serious illness",
)
FOOTER = (
    FooterLink("/rdv/infos", Words("Horaires et adresses", "Opening hours and addresses")),
    FooterLink("/rdv/mes-rendez-vous", Words("Mes rendez-vous", "My appointments")),
    FooterLink("/rdv/accessibilite", Words("Accessibilité : non conforme", "Accessibility: not compliant")),
    FooterLink("/rdv/confidentialite", Words("Vie privée", "Privacy")),
)
HOURS = (
    Words("Du lundi au vendredi, de 8 h à 20 h", "Monday to Friday, 8 am to 8 pm"),
    Words("Le samedi, de 8 h à 12 h", "Saturday, 8 am to 12 noon"),
)
DEFAULT_LINE = PhoneLine("+33385347100", HOURS)
DEFAULT_FRAME = Frame("Centre de santé départemental de Saône-et-Loire", TASK, "/rdv", DEFAULT_LINE, SIGNS, FOOTER)
