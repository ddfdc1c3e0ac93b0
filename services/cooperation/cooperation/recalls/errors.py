"""Refusals of recalls, and of what needs signatures."""

from maillage.refusals import Refusal
from maillage.words import Words


class ScopeEmpty(Refusal):
    """The scope reaches nothing, or a load, run or operation in it does (its pointer says which)."""

    code, status = "SCOPE_EMPTY", 409
    title = Words("Rien n'est concerné", "Nothing is in scope")
    detail = Words(
        "Ce périmètre ne touche aucun set. Vérifiez les identifiants : une charge doit avoir démarré.",
        "This scope reaches no set. Check the identifiers: a load must have started.",
    )


class ScopeNarrowed(Refusal):
    """An extension left out something that the recall was opened for; `errors` says what."""

    code, status = "SCOPE_NARROWED", 409
    title = Words("Un rappel ne se réduit pas", "A recall does not shrink")
    detail = Words(
        "Reprenez tout le périmètre du rappel, puis ajoutez-y. Un rappel sans objet se clôt comme infondé.",
        "Repeat the whole scope of the recall, then add to it. A recall without cause is closed as unfounded.",
    )


class LinesOpen(Refusal):
    """Lines are not accounted for. Extra members: `lines` (ids, at most 100) and `left` (how many)."""

    code, status = "LINES_OPEN", 409
    title = Words("Des lignes restent ouvertes", "Lines are still open")
    detail = Words(
        "Retrouvez chaque set, ou faites suivre chaque intervention, avant de clore.",
        "Find each set, or have each operation followed, before closing.",
    )


class LineEnded(Refusal):
    """The line is accounted for. Extra member: `ended`."""

    code, status = "LINE_ENDED", 409
    title = Words("Ligne déjà soldée", "Line already ended")
    detail = Words("Cette ligne est déjà soldée. Rien à faire.", "This line has ended already. Nothing to do.")


class SamePerson(Refusal):
    """Two signatures are two persons."""

    code, status = "SAME_PERSON", 409
    title = Words("Même personne", "Same person")
    detail = Words(
        "Vous avez déjà signé. La seconde signature est celle d'une autre personne.",
        "You have signed already. The second signature is another person's.",
    )


class RoleRequired(Refusal):
    """Not the role that this act, or the signature still missing, asks for. Extra member: `roles`."""

    code, status = "ROLE_REQUIRED", 403
    title = Words("Une autre fonction doit le faire", "Another role must do this")
    detail = Words(
        "Demandez à une personne de la fonction indiquée.",
        "Ask a person of the role named.",
    )
