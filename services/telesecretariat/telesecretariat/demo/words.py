"""What the demonstration line says, asks and allows. Written for the demonstration: a centre replaces it by its own,
and a doctor signs the list of red flags and the instructions before anybody works by them."""

from typing import Final

from telesecretariat.announcements.schemas import Part
from telesecretariat.catalogues.schemas import EntryIn, Facts
from telesecretariat.quality.schemas import Criterion, GridIn
from telesecretariat.red_flags.schemas import RedFlagItem

NUMBER: Final = "+33385347100"
WEEKLY: Final = [
    *({"weekday": day, "opens": "08:00", "closes": "20:00"} for day in range(5)),
    {"weekday": 5, "opens": "08:00", "closes": "12:00"},
]
PRICES: Final = {"call_answered": 75, "callback": 90, "appointment": 40, "message": 60, "monthly": 20_000}
"""Cents: made up, within what such services cost."""
GRID: Final = GridIn(
    name="Grille de démonstration",
    criteria=[
        Criterion(code=code, label_fr=french, label_en=english, weight=weight)
        for code, french, english, weight in (
            ("identification", "Identification de l'appelant", "Caller identified", 25),
            ("instruction", "Consigne suivie", "Instruction followed", 25),
            ("red_flags", "Signes d'alerte demandés", "Red flags asked", 25),
            ("trace", "Trace laissée", "Trace left", 15),
            ("tone", "Ton", "Tone", 10),
        )
    ],
)


def _recorded(fragment: str, text: str, text_en: str) -> Part:
    return Part(kind="recording", fragment=fragment, text=text, text_en=text_en)


ANNOUNCEMENTS: Final = {
    "welcome": _recorded(
        "demo_welcome",
        "Centre de santé départemental (démonstration). En cas de danger pour la vie, raccrochez et composez le 15.",
        "Departmental health centre (demonstration). If life is in danger, hang up and dial 15.",
    ),
    "waiting": _recorded(
        "demo_waiting",
        "Une télésecrétaire va vous répondre. Vous pouvez aussi garder votre place sans attendre : tapez 1.",
        "A secretary will answer you. You may also keep your place without waiting: press 1.",
    ),
    "closed": _recorded(
        "demo_closed",
        "En dehors des heures d'ouverture, pour un avis médical qui ne peut pas attendre, composez le 15.",
        "Out of hours, for medical advice that cannot wait, dial 15.",
    ),
    "overflow": _recorded(
        "demo_overflow",
        "Toutes nos lignes sont occupées. Rappelez un peu plus tard, ou prenez rendez-vous sur internet.",
        "All our lines are busy. Call a little later, or book on the web.",
    ),
    "barred": _recorded(
        "demo_barred",
        "Votre appel ne peut pas aboutir. En cas de danger pour la vie, composez le 15.",
        "Your call cannot be put through. If life is in danger, dial 15.",
    ),
    "monitoring": _recorded(
        "demo_monitoring",
        "Un encadrant peut écouter cet appel pour former l'équipe. Dites-le si vous ne le souhaitez pas.",
        "A supervisor may listen to this call to train the team. Say so if you do not wish it.",
    ),
}


def _entry(kind: str, code: str, labels: tuple[str, str], facts: Facts | None = None) -> EntryIn:
    return EntryIn.model_validate(
        {"kind": kind, "code": code, "label_fr": labels[0], "label_en": labels[1], "facts": facts or Facts()}
    )


PAUSES: Final = (
    _entry("pause_reason", "pause", ("Pause", "Break"), Facts(max_s=900)),
    _entry("pause_reason", "dejeuner", ("Déjeuner", "Lunch"), Facts(max_s=3_600)),
    _entry("pause_reason", "formation", ("Formation, réunion", "Training, meeting"), Facts(max_s=7_200)),
    _entry("pause_reason", "dossiers", ("Dossiers et rappels", "Files and calls back"), Facts(max_s=3_600)),
)
"""Of the firm: pauses are its agents'."""
ENTRIES: Final = (
    _entry("motive", "appointment", ("Rendez-vous", "Appointment")),
    _entry("motive", "advice", ("Conseil, question au médecin", "Advice, question to the doctor")),
    _entry("motive", "result", ("Résultats d'examens", "Test results")),
    _entry("motive", "document", ("Ordonnance, certificat, document", "Prescription, certificate, document")),
    _entry("motive", "professional", ("Professionnel de santé", "Health professional")),
    _entry("motive", "red_flag", ("Signe d'alerte", "Red flag"), Facts(red_flag=True)),
    _entry("motive", "other", ("Autre", "Other")),
    _entry("outcome", "booked", ("Rendez-vous pris", "Appointment booked"), Facts(resolves=True)),
    _entry("outcome", "moved", ("Rendez-vous déplacé", "Appointment moved"), Facts(resolves=True)),
    _entry("outcome", "cancelled", ("Rendez-vous annulé", "Appointment cancelled")),
    _entry("outcome", "message", ("Message transmis", "Message passed on")),
    _entry("outcome", "transferred", ("Appel transféré", "Call transferred"), Facts(resolves=True)),
    _entry("outcome", "information", ("Renseignement donné", "Information given")),
    _entry("outcome", "wrong_number", ("Erreur de numéro", "Wrong number")),
    _entry("destination", "accueil", ("Accueil d'Autun (démonstration)", "Reception, Autun (demonstration)"),
           Facts(number="+33353010011")),
    _entry("destination", "infirmiers", ("Infirmières du centre (démonstration)", "Nurses (demonstration)"),
           Facts(number="+33353010012")),
)  # fmt: skip


def _sign(code: str, label: str, *questions: str) -> RedFlagItem:
    return RedFlagItem(code=code, label=label, questions=questions)


RED_FLAGS: Final = (
    _sign("chest_pain", "Douleur dans la poitrine", "Depuis quand ?", "Va-t-elle vers le bras, la mâchoire, le dos ?"),
    _sign("stroke", "Visage, bras ou parole atteints d'un coup", "À quelle heure était-il encore bien ?"),
    _sign("breathing", "Grande difficulté à respirer", "Peut-il finir une phrase ?"),
    _sign("bleeding", "Saignement abondant", "Appuyez-vous sur la plaie ?"),
    _sign("severe_injury", "Blessure grave", "Que s'est-il passé ?"),
    _sign("poisoning", "Intoxication", "Quel produit, quelle quantité, à quelle heure ?"),
    _sign("unconscious", "Convulsions ou perte de connaissance", "Respire-t-il ?"),
    _sign("swelling", "Gonflement soudain du visage ou de la langue", "A-t-il pris un aliment ou un médicament ?"),
    _sign("suicidal_risk", "Idées de suicide", "Est-il seul ?"),
    _sign("infant_fever", "Fièvre avant 3 mois", "Quel âge, quelle température ?"),
    _sign("pregnancy", "Grossesse : saignement ou douleur", "De combien de mois ?"),
    _sign("meningitis", "Fièvre avec raideur de la nuque ou taches sur la peau", "S'effacent-elles quand on appuie ?"),
)  # fmt: skip
"""An example to start from (section 2 of the design), to be signed by a doctor of the centre: here the demonstration's
own."""

CENTRE_TEXT: Final = (
    "Consignes de démonstration. Demandez d'abord nom, prénom, date de naissance, téléphone et adresse. Aucun conseil "
    "médical au téléphone : en cas de doute, touche 15."
)
RESULT_TEXT: Final = (
    "Ne lisez jamais un résultat. Prenez un message pour le médecin ; dites que le médecin rappelle sous deux jours."
)
DOCTOR_TEXT: Final = "Consultations le matin. Messages lus à 13 heures et à 18 heures. Urgence dans la journée : SMS."
RENEWAL_TEXT: Final = "Renouvellement : proposer un rendez-vous sous 15 jours ; à distance si le patient est connu."
