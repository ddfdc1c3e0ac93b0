"""Refusals of scans: of the batch as a whole, and of one scan at its station."""

from maillage.refusals import Refusal
from maillage.words import Words


class WrongStation(Refusal):
    """The device or the station is not the caller's, or the device is enrolled at another station."""

    code, status = "WRONG_STATION", 403
    title = Words("Ce lecteur n'est pas à ce poste", "This scanner is not at this station")
    detail = Words(
        "Prenez le lecteur de ce poste, ou demandez au responsable d'inscrire celui-ci au bon poste.",
        "Take the scanner of this station, or ask the manager to enrol this one at the right station.",
    )


class ScanGap(Refusal):
    """Scans before these have not arrived; nothing of the batch was applied. Extra member: `expected_seq`."""

    code, status = "SCAN_GAP", 409
    title = Words("Des scans manquent", "Scans are missing")
    detail = Words(
        "L'appareil doit renvoyer ses scans à partir du numéro attendu. Rien n'a été appliqué.",
        "The device must send its scans again from the expected number on. Nothing was applied.",
    )


class SeqReused(Refusal):
    """A number that this device has already used for another code; an issue is open on the device."""

    code, status = "SEQ_REUSED", 422
    title = Words("Numéro de scan déjà utilisé", "Scan number already used")
    detail = Words(
        "Cet appareil a perdu son compte. Ne l'utilisez plus et signalez-le au responsable.",
        "This device has lost its count. Stop using it and report it to the manager.",
    )


class ClockWrong(Refusal):
    """The device's clock is too far off to be believed: the scan is kept, and settled by a person."""

    code, status = "CLOCK_WRONG", 409
    title = Words("Heure de l'appareil fausse", "The device's clock is wrong")
    detail = Words(
        "Mettez l'appareil à l'heure. Ce scan est conservé ; le responsable le réglera.",
        "Set the device's clock. This scan is kept; the manager will settle it.",
    )


class LateScan(Refusal):
    """Scanned off line, and no longer fitting what has been done since. Extra member: `refused_for`."""

    code, status = "LATE_SCAN", 409
    title = Words("Scan arrivé trop tard", "The scan came too late")
    detail = Words(
        "Depuis ce scan, l'objet a continué son circuit. Rien à refaire ; le responsable le réglera.",
        "Since this scan the object has gone on. Do not repeat it; the manager will settle it.",
    )


class NotYourSet(Refusal):
    """A mark of another member's set, pack or instrument; an issue is open on the device."""

    code, status = "NOT_YOUR_SET", 409
    title = Words("Ce matériel est à un autre établissement", "This belongs to another hospital")
    detail = Words(
        "N'y touchez pas. Mettez-le de côté et prévenez la stérilisation.",
        "Do not use it. Put it aside and tell the sterilisation unit.",
    )


class CodeNotExpected(Refusal):
    """A code of a kind that means nothing at this station. Extra member: `expected` (kinds)."""

    code, status = "CODE_NOT_EXPECTED", 409
    title = Words("Mauvais code pour ce poste", "Wrong code for this station")
    detail = Words("Scannez l'objet attendu à ce poste.", "Scan the object that this station expects.")


class NoRun(Refusal):
    """The set is in no run: it has not come back to the plant since the last ended."""

    code, status = "NO_RUN", 409
    title = Words("Ce set n'est dans aucun circuit", "This set is in no run")
    detail = Words("Scannez-le d'abord à la réception.", "Scan it at reception first.")


class NothingInHand(Refusal):
    """At this station a crate or a set comes first. Extra member: `first` (`crate`, `set`)."""

    code, status = "NOTHING_IN_HAND", 409
    title = Words("Scannez d'abord le contenant", "Scan the container first")
    detail = Words(
        "Scannez d'abord la caisse ou le set, puis ce qui va dedans.",
        "Scan the crate or the set first, then what goes into it.",
    )


class StationIncomplete(Refusal):
    """The station stands at no machine."""

    code, status = "STATION_INCOMPLETE", 409
    title = Words("Poste sans machine", "Station without a machine")
    detail = Words(
        "Demandez au responsable d'indiquer la machine de ce poste.",
        "Ask the manager to name the machine of this station.",
    )


class ScanSettled(Refusal):
    """There is nothing to settle: it was settled before, or done. Extra member: `settled_at`."""

    code, status = "SCAN_SETTLED", 409
    title = Words("Déjà réglé", "Already settled")
    detail = Words("Ce scan n'attend plus rien.", "This scan waits for nothing.")
