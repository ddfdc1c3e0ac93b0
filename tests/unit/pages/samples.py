"""Every patient page with generated contents, in its states: nominal, full, empty, wrong. Persons here do not exist."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from appointments.pages import frame as frames
from appointments.pages import views
from maillage.pages import Pages, PhoneLine, Visit
from maillage.words import Language, Words

PARIS = ZoneInfo("Europe/Paris")
NOW = datetime(2026, 11, 23, 9, 12, tzinfo=PARIS)
START = datetime(2026, 11, 24, 9, 20, tzinfo=PARIS)
PAGES = Pages("appointments.pages")
OPEN = PhoneLine("+33385347100", frames.HOURS, Words("Ouvert maintenant, jusqu'à 20 h", "Open now, until 8 pm"), True)
SHUT = PhoneLine(
    "+33385347100", frames.HOURS, Words("Fermé. Ouvre mardi à 8 h", "Closed. Opens on Tuesday at 8 am"), False
)
FRAME = replace(frames.DEFAULT_FRAME, line=OPEN)
Errors = Sequence[tuple[str | None, str]]


@dataclass(frozen=True)
class Sample:
    """One page in one state."""

    name: str
    template: str
    view: Mapping[str, object]
    errors: Errors = ()
    status: int = 200
    shut: bool = False


REASONS = (
    views.ReasonChoice("consultation", "Consultation", "Un problème de santé, un suivi, une ordonnance."),
    views.ReasonChoice(
        "premiere", "Première consultation", "Vous n'êtes jamais venu dans ce centre.", "À partir de 16 ans"
    ),
    views.ReasonChoice("enfant", "Consultation d'un enfant", "Apportez le carnet de santé.", "Jusqu'à 15 ans"),
    views.ReasonChoice("teleconsultation", "Téléconsultation", "Par vidéo, avec un médecin du centre."),
    views.ReasonChoice(
        "chronique", "Suivi d'une maladie chronique", "Diabète, tension, asthme : apportez vos résultats."
    ),
    views.ReasonChoice("vaccin", "Vaccination", "Apportez le vaccin et le carnet."),
    views.ReasonChoice("certificat", "Certificat médical", "Sport, école, travail."),
    views.ReasonChoice("pansement", "Pansement par un infirmier", "Apportez l'ordonnance."),
    views.ReasonChoice("prise-de-sang", "Prise de sang", "À jeun si l'ordonnance le dit."),
)
CLOSED = (views.ReasonChoice("domicile", "Visite à domicile"),)
SITES = tuple(
    views.SiteChoice(code, f"Centre de santé de {town}", town, street, f"{postal} {town}", access, note)
    for code, town, street, postal, access, note in (
        ("autun", "Autun", "12 rue de l'Exemple", "71400", "Accès sans marche", "Parking gratuit devant l'entrée."),
        ("chalon", "Chalon-sur-Saône", "3 place de la Démonstration", "71100", "Accès sans marche", ""),
        (
            "digoin",
            "Digoin",
            "27 avenue du Modèle",
            "71160",
            "Deux marches à l'entrée",
            "Sonnez : quelqu'un vient vous aider.",
        ),
        ("montceau", "Montceau-les-Mines", "8 quai de l'Essai", "71300", "Accès sans marche", ""),
    )
)
DOCTORS = tuple(
    views.Option(f"d{n}", f"Dr {name}") for n, name in enumerate(("Alix Orvelin", "Maud Tessarel", "Noé Briandault"))
)
CHOICES = views.Choices(REASONS, CLOSED, SITES, DOCTORS)


def time_at(start: datetime, n: int = 0, site: int = 0) -> views.Time:
    """A free time of a generated doctor."""
    return views.Time(f"{start.isoformat()}|{n}", start, DOCTORS[n % 3].label, SITES[site].town, SITES[site].code)


def days(count: int, per_day: int) -> list[views.Day]:
    """Free times on following days, at several sites."""
    return [
        views.Day(
            (START + timedelta(days=d)).date(),
            [time_at(START + timedelta(days=d, minutes=20 * n), n, (n + d) % 4) for n in range(per_day)],
        )
        for d in range(count)
    ]


TIMES = views.Times(
    action="/rdv/creneaux",
    reason="consultation",
    reason_label="Consultation",
    place_label="tous les sites",
    first=time_at(START),
    days=days(3, 8),
    next_from="2026-11-27",
    sites=SITES,
    practitioners=DOCTORS,
    many_sites=True,
    from_date="2026-11-23",
    earliest="2026-11-23",
    latest="2027-02-21",
)
NONE = views.NoTime(
    action="/rdv/creneaux",
    reason="consultation",
    reason_label="Consultation",
    place_label="Autun",
    site="autun",
    first_day=date(2026, 11, 23),
    last_day=date(2026, 12, 6),
    duty_number="116117",
    elsewhere=[time_at(START + timedelta(days=2), 1, 1), time_at(START + timedelta(days=3), 2, 2)],
    later=time_at(START + timedelta(days=15)),
    later_from="2026-12-09",
    sites=SITES,
    practitioners=DOCTORS,
)
TICKET = views.Ticket("Consultation", START, "Dr Alix Orvelin", "Autun", NOW + timedelta(minutes=9), True)
REQUEST = views.Request(ticket=TICKET, now=NOW)
PEOPLE = (
    views.Person("p1", "Camille Vaudremont", date(1984, 3, 27)),
    views.Person("p2", "Lou Vaudremont", date(2019, 4, 2)),
)
KNOWN = replace(REQUEST, contact="06 •• •• •• 01", people=PEOPLE)
TYPED = {**views.EMPTY_WHO, "prenom": "Zoé", "nom": "", "jour": "31", "mois": "02", "annee": "1990", "pour": "moi"}
WRONG: Errors = [
    ("nom", "Écrivez le nom de naissance."),
    ("naissance", "Cette date n'existe pas. Vérifiez le jour et le mois."),
]
SHOWN = views.Shown(
    START,
    "Dr Alix Orvelin",
    "Centre de santé d'Autun",
    "12 rue de l'Exemple, 71400 Autun",
    "Accès sans marche. Parking gratuit devant l'entrée.",
    "Consultation",
    "Camille Vaudremont",
    "Apportez vos derniers résultats d'analyse.",
    base="/rdv/mes-rendez-vous/1",
)
CONFIRMED = views.Confirmed(
    appointment=SHOWN, calendar="/rdv/confirme/agenda.ics", manage="/rdv/mes-rendez-vous/1", message_to="06 •• •• •• 01"
)
MANAGED = views.Managed(
    appointment=SHOWN, base="/rdv/g/jeton", move_until=START - timedelta(hours=2), can_move=True, can_cancel=True
)
OFFERED = views.Offered(appointment=SHOWN, base="/rdv/o/jeton", state="sent", until=START - timedelta(hours=20))
BY_VIDEO = replace(SHOWN, remote=True, site="Centre de santé d'Autun", address="", access="")
PROPOSED = views.Proposed(
    appointment=SHOWN,
    base="/rdv/g/jeton",
    called=False,
    can_move=True,
    instead=replace(SHOWN, start=START + timedelta(days=2)),
    until=START - timedelta(hours=20),
)
REASONS_TO_CANCEL = (
    ("better", Words("Je vais mieux", "I feel better")),
    ("busy", Words("Je ne suis plus disponible", "I am no longer free")),
)


def of(name: str, template: str, view: object, errors: Errors = (), *, shut: bool = False, **more: object) -> Sample:
    """A sample; pages with errors are answered 422."""
    return Sample(name, template, {"view": view, **more}, errors, 422 if errors else 200, shut)


SAMPLES = (
    of("1-motif", "reason.html", CHOICES),
    of("1-motif-erreur", "reason.html", CHOICES, [("motif-consultation", "Choisissez un motif.")]),
    of("2-horaire", "times.html", TIMES),
    of(
        "2-horaire-pris",
        "times.html",
        replace(TIMES, taken=True, nearest=[time_at(START + timedelta(minutes=20 * n), n) for n in range(1, 4)]),
    ),
    of(
        "2-horaire-plein",
        "times.html",
        replace(TIMES, many_sites=False, site="autun", place_label="Autun", days=days(4, 15)),
    ),
    of("2-aucun", "none.html", NONE, shut=True),
    of("2-aucun-nulle-part", "none.html", replace(NONE, elsewhere=(), later=None)),
    of("3-contact", "contact_step.html", REQUEST),
    of("3-contact-passe", "contact_step.html", replace(REQUEST, lapsed=True)),
    of("3-vous", "who.html", replace(REQUEST, contact="06 •• •• •• 01")),
    of("3-vous-connu", "who.html", KNOWN),
    of("3-vous-erreur", "who.html", replace(KNOWN, people=(), values=TYPED), WRONG),
    of("3-vous-passe", "who.html", replace(KNOWN, people=(), lapsed=True, values=TYPED)),
    of("3-vous-fin", "who.html", replace(KNOWN, ticket=replace(TICKET, until=NOW + timedelta(seconds=60)))),
    of("4-confirme", "confirmed.html", CONFIRMED),
    of("4-demande", "confirmed.html", replace(CONFIRMED, pending=True, message_to="")),
    of("g-naissance", "birth.html", views.BirthQuestion("/rdv/g/jeton", TYPED)),
    of(
        "g-naissance-erreur",
        "birth.html",
        views.BirthQuestion("/rdv/g/jeton", TYPED),
        [("naissance", "Cette date n'existe pas.")],
    ),
    of("g-rendez-vous", "manage.html", MANAGED),
    of("g-trop-tard", "manage.html", replace(MANAGED, can_move=False)),
    of("g-passe", "manage.html", replace(MANAGED, can_move=False, can_cancel=False)),
    of("g-deplacer", "times.html", replace(TIMES, moving=SHOWN, first=None, action="/rdv/g/jeton/deplacer")),
    of("g-deplacer-confirmer", "move.html", replace(MANAGED, target=time_at(START + timedelta(days=1), 1, 1))),
    of("g-deplace", "manage.html", replace(MANAGED, moved=True)),
    of("g-annuler", "cancel.html", replace(MANAGED, reasons=REASONS_TO_CANCEL)),
    of("g-annule", "manage.html", replace(MANAGED, cancelled=True)),
    of("g-visio", "manage.html", replace(MANAGED, appointment=BY_VIDEO, can_join=True)),
    of("g-visio-bientot", "manage.html", replace(MANAGED, appointment=BY_VIDEO, joins_from=START)),
    of(
        "g-par-telephone",
        "manage.html",
        replace(MANAGED, appointment=replace(BY_VIDEO, by_phone=True, phone_called="06 •• •• •• 01")),
    ),
    of("g-par-telephone-sans-numero", "manage.html", replace(MANAGED, appointment=replace(BY_VIDEO, by_phone=True))),
    of("g-proposition", "proposal.html", PROPOSED),
    of("g-proposition-video", "proposal.html", replace(PROPOSED, appointment=BY_VIDEO, instead=BY_VIDEO)),
    of("g-proposition-appel", "proposal.html", replace(PROPOSED, called=True, can_move=False, instead=None)),
    of("g-proposition-passee", "proposal.html", replace(PROPOSED, instead=None, refused="Le délai est passé.")),
    of("salle", "room.html", None),
    of("o-naissance", "birth.html", views.BirthQuestion("/rdv/o/jeton", TYPED, offer=True)),
    of("o-creneau", "offer.html", OFFERED),
    of("o-creneau-a-la-place", "offer.html", replace(OFFERED, moves=True)),
    of("o-confirme", "offer.html", replace(OFFERED, state="accepted", waiting=False)),
    of("o-refuse", "offer.html", replace(OFFERED, state="declined")),
    of("o-occupe", "offer.html", replace(OFFERED, state="void", refused="Déjà un rendez-vous à cette heure")),
    of("o-passe-retire", "offer.html", replace(OFFERED, state="expired", waiting=False)),
    of("mes-rendez-vous-contact", "mine.html", views.Mine()),
    of(
        "mes-rendez-vous",
        "mine.html",
        views.Mine("06 •• •• •• 01", [SHOWN, replace(SHOWN, start=START + timedelta(days=30))]),
    ),
    of("mes-rendez-vous-aucun", "mine.html", views.Mine("06 •• •• •• 01")),
    of("infos", "infos.html", views.Places(SITES), shut=True),
    of("accessibilite", "accessibility.html", views.Declaration()),
    of("confidentialite", "privacy.html", views.Places(())),
    Sample(
        "lien-perdu",
        "problem.html",
        {
            "title": "Ce lien n'est plus valable",
            "sentences": ["Il a servi, ou le rendez-vous est passé."],
            "ways": [("Retrouver mes rendez-vous", "/rdv/mes-rendez-vous")],
        },
        status=404,
    ),
)


def html(sample: Sample, language: Language = "fr", *, chosen: bool = False) -> str:
    """The page as the service would send it."""
    visit = Visit(language, chosen, "jeton-csrf", "/rdv/" + sample.name, (("motif", "consultation"),))
    frame = replace(FRAME, line=SHUT) if sample.shut else FRAME
    return PAGES.html(visit, sample.template, frame, errors=list(sample.errors), **sample.view)
