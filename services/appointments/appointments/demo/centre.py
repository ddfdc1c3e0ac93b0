"""The centre: its sites, rooms, reasons and parameters. Places are real, identifiers are not."""

from datetime import time

from appointments.demo.ids import PUBLIC_LINE
from appointments.directory.domain import finess_key
from appointments.directory.parameters import Release
from appointments.directory.schemas import OrganisationIn, PlaceIn, SiteIn
from appointments.reasons.schemas import Mode, Need, ReasonIn

NAME = "Centre de santé départemental (démonstration)"


def finess(serial: int) -> str:
    """A FINESS number of department 71 of department 71, made up, with the right key."""
    body = f"7199{serial:04d}"
    return body + finess_key(body)


ORGANISATION = OrganisationIn(finess_legal=finess(1), phone=PUBLIC_LINE)

SITES = (
    SiteIn(
        code="autun",
        name="Autun",
        finess=finess(11),
        address_line="Centre-ville (adresse de démonstration)",
        postal_code="71400",
        city="Autun",
        insee_code="71014",
        lat=46.951,
        lon=4.299,
        phone=PUBLIC_LINE,
        access_note="Rez-de-chaussée, porte automatique. Arrêt de bus à 50 m, parking gratuit devant l'entrée.",
        step_free=True,
    ),
    SiteIn(
        code="chalon",
        name="Chalon-sur-Saône",
        finess=finess(12),
        address_line="Centre-ville (adresse de démonstration)",
        postal_code="71100",
        city="Chalon-sur-Saône",
        insee_code="71076",
        lat=46.781,
        lon=4.853,
        phone=PUBLIC_LINE,
        access_note="Deuxième étage, ascenseur à gauche de l'accueil. Parking souterrain à 200 m.",
        step_free=True,
    ),
    SiteIn(
        code="digoin",
        name="Digoin",
        finess=finess(13),
        address_line="Centre-ville (adresse de démonstration)",
        postal_code="71160",
        city="Digoin",
        insee_code="71176",
        lat=46.483,
        lon=3.980,
        phone=PUBLIC_LINE,
        access_note="Rez-de-chaussée. Entrée par la cour, places réservées près de la porte.",
        step_free=True,
    ),
    SiteIn(
        code="montceau",
        name="Montceau-les-Mines",
        finess=finess(14),
        address_line="Centre-ville (adresse de démonstration)",
        postal_code="71300",
        city="Montceau-les-Mines",
        insee_code="71306",
        lat=46.667,
        lon=4.363,
        phone=PUBLIC_LINE,
        access_note="Trois marches à l'entrée principale. Entrée sans marche par la rue de derrière : sonnez.",
        step_free=False,
    ),
)
PLACES = (
    PlaceIn(name="EHPAD des Tilleuls (démonstration)", postal_code="71400", city="Autun"),
    PlaceIn(name="EHPAD du Canal (démonstration)", postal_code="71160", city="Digoin"),
)
ROOMS_PER_SITE = 10


def _on_site(minutes: int, first: int | None = None, buffer: int = 0) -> Mode:
    return Mode(mode="on_site", minutes=minutes, first_visit_minutes=first, buffer_minutes=buffer)


REASONS = (
    ReasonIn(
        code="consultation",
        label="Consultation",
        public_label="Consultation de médecine générale",
        public_label_en="General practice visit",
        instruction="Apportez votre carte Vitale et vos ordonnances en cours.",
        instruction_en="Bring your health insurance card and your current prescriptions.",
        professions=["physician"],
        modes=[_on_site(20)],
        bookable_by=["public", "secretariat", "partner", "regulator"],
        rank=10,
    ),
    ReasonIn(
        code="premiere-consultation",
        label="Première consultation",
        public_label="Première consultation au centre",
        public_label_en="First visit to the centre",
        instruction="Venez dix minutes plus tôt, avec votre carte Vitale et une pièce d'identité.",
        instruction_en="Come ten minutes early, with your health insurance card and an identity document.",
        professions=["physician"],
        modes=[_on_site(30)],
        bookable_by=["public", "secretariat", "partner"],
        first_visit="only",
        rank=20,
    ),
    ReasonIn(
        code="besoin-rapide",
        label="Soins non programmés",
        public_label="Besoin de soins rapide (aujourd'hui)",
        public_label_en="Quick care need (today)",
        instruction="Pour un problème qui ne peut pas attendre demain. Horaires du jour, ouverts à 10 h.",
        instruction_en="For a problem that cannot wait until tomorrow. Times of today, open from 10 a.m.",
        professions=["physician"],
        modes=[_on_site(20)],
        bookable_by=["public", "secretariat", "regulator", "cpts"],
        max_ahead_days=3,
        unscheduled=True,
        max_live=1,
        rank=30,
    ),
    ReasonIn(
        code="enfant",
        label="Enfant",
        public_label="Consultation pour un enfant",
        public_label_en="Visit for a child",
        instruction="Jusqu'à 15 ans. Apportez le carnet de santé.",
        instruction_en="Up to 15 years. Bring the health record book.",
        professions=["physician"],
        modes=[_on_site(20)],
        bookable_by=["public", "secretariat", "regulator"],
        max_age=15,
        rank=40,
    ),
    ReasonIn(
        code="teleconsultation",
        label="Téléconsultation",
        public_label="Téléconsultation",
        public_label_en="Video visit",
        instruction="Pour les personnes déjà venues au centre. Un lien vous est envoyé.",
        instruction_en="For people already seen at the centre. A link is sent to you.",
        professions=["physician"],
        modes=[Mode(mode="teleconsultation", minutes=15, buffer_minutes=5)],
        bookable_by=["public", "secretariat"],
        known_patient_only=True,
        rank=50,
    ),
    ReasonIn(
        code="suivi-chronique",
        label="Suivi maladie chronique",
        public_label="Suivi d'une maladie de longue durée",
        public_label_en="Follow-up of a long-term condition",
        instruction="Apportez vos derniers résultats d'analyses.",
        instruction_en="Bring your latest test results.",
        professions=["physician"],
        modes=[_on_site(20)],
        bookable_by=["public", "secretariat"],
        first_visit="never",
        rank=60,
    ),
    ReasonIn(
        code="vaccination",
        label="Vaccination",
        public_label="Vaccination",
        public_label_en="Vaccination",
        instruction="Apportez le vaccin et le carnet de vaccination.",
        instruction_en="Bring the vaccine and your vaccination record.",
        professions=["physician", "nurse"],
        modes=[_on_site(15, buffer=5)],
        bookable_by=["public", "secretariat"],
        rank=70,
    ),
    ReasonIn(
        code="renouvellement",
        label="Renouvellement",
        public_label="Renouvellement d'ordonnance",
        public_label_en="Repeat prescription",
        professions=["physician"],
        modes=[_on_site(15, buffer=5), Mode(mode="teleconsultation", minutes=15, buffer_minutes=5)],
        bookable_by=["public", "secretariat"],
        first_visit="never",
        rank=80,
    ),
    ReasonIn(
        code="certificat",
        label="Certificat",
        public_label="Certificat médical (sport, école)",
        public_label_en="Medical certificate (sport, school)",
        professions=["physician"],
        modes=[_on_site(20)],
        bookable_by=["public", "secretariat"],
        min_notice_minutes=24 * 60,
        rank=90,
    ),
    ReasonIn(
        code="soins-infirmiers",
        label="Pansement, soins infirmiers",
        public_label="Pansement, soins infirmiers",
        public_label_en="Dressing, nursing care",
        instruction="Apportez l'ordonnance et le matériel prescrit.",
        instruction_en="Bring the prescription and the material prescribed.",
        professions=["nurse"],
        modes=[_on_site(20)],
        bookable_by=["public", "secretariat", "partner"],
        needs=[Need(kind="room", tag="treatment")],
        rank=100,
    ),
    ReasonIn(
        code="prise-de-sang",
        label="Prise de sang",
        public_label="Prise de sang",
        public_label_en="Blood test",
        instruction="Apportez l'ordonnance. Demandez au laboratoire s'il faut être à jeun.",
        instruction_en="Bring the prescription. Ask the laboratory whether you must fast.",
        professions=["nurse"],
        modes=[_on_site(20)],
        bookable_by=["public", "secretariat"],
        rank=110,
    ),
    ReasonIn(
        code="visite-domicile",
        label="Visite à domicile",
        public_label="Visite à domicile",
        public_label_en="Home visit",
        instruction="Sur appel au 03 85 34 71 00 seulement.",
        instruction_en="By phone only: +33 3 85 34 71 00.",
        professions=["physician"],
        modes=[Mode(mode="home", minutes=40), Mode(mode="care_home", minutes=30)],
        bookable_by=["secretariat", "regulator"],
        max_ahead_days=14,
        rank=120,
    ),
    ReasonIn(
        code="geste-technique",
        label="Suture, petite chirurgie",
        public_label="Petit geste technique",
        public_label_en="Minor procedure",
        instruction="Après avis d'un médecin du centre, sur appel au 03 85 34 71 00.",
        instruction_en="After advice of a doctor of the centre, by phone: +33 3 85 34 71 00.",
        professions=["physician"],
        modes=[_on_site(40, buffer=5)],
        bookable_by=["secretariat"],
        needs=[Need(kind="room", tag="treatment")],
        rank=130,
    ),
    ReasonIn(
        code="entretien-confidentiel",
        label="Entretien confidentiel",
        public_label="Entretien confidentiel",
        public_label_en="Confidential interview",
        professions=["physician", "nurse"],
        modes=[_on_site(30)],
        bookable_by=["secretariat"],
        sensitive=True,
        rank=140,
    ),
)
PHYSICIANS_BOOK = tuple(
    r.code for r in REASONS if "physician" in r.professions and r.code not in ("besoin-rapide", "visite-domicile")
)
NURSES_BOOK = tuple(r.code for r in REASONS if "nurse" in r.professions)
UNSCHEDULED = "besoin-rapide"
HOME = "visite-domicile"
RELEASES = (
    Release(audience="regulator", days_before=2, local_time=time(0)),
    Release(audience="secretariat", days_before=0, local_time=time(8)),
    Release(audience="public", days_before=0, local_time=time(10)),
)
