"""Refusals of grids and reviews."""

from maillage.refusals import Refusal
from maillage.words import Words


class GridWeights(Refusal):
    """The weights do not sum to 100."""

    code, status = "GRID_WEIGHTS", 422
    title = Words("Poids incorrects", "Wrong weights")
    detail = Words("La somme des poids doit être 100.", "The weights must sum to 100.")


class CriterionTwice(Refusal):
    """Two criteria of one code."""

    code, status = "CRITERION_TWICE", 422
    title = Words("Critère en double", "Criterion given twice")
    detail = Words("Donnez à chaque critère un code différent.", "Give each criterion a code of its own.")


class NoGrid(Refusal):
    """Nothing to review by."""

    code, status = "NO_GRID", 409
    title = Words("Aucune grille", "No grid")
    detail = Words(
        "Votre organisation n'a pas de grille d'évaluation. Créez-en une, puis tirez les appels.",
        "Your organisation has no grid. Make one, then draw the calls.",
    )


class ScoresIncomplete(Refusal):
    """One score for each criterion of the grid, and no other."""

    code, status = "SCORES_INCOMPLETE", 422
    title = Words("Notes incomplètes", "Scores incomplete")
    detail = Words("Donnez une note à chaque critère de la grille.", "Give one score for each criterion of the grid.")


class ReviewFinal(Refusal):
    """It is ended."""

    code, status = "REVIEW_FINAL", 409
    title = Words("Évaluation terminée", "Review ended")
    detail = Words("Cette évaluation est terminée et ne change plus.", "This review is ended and changes no more.")


class ReviewOwn(Refusal):
    """Nobody reviews her own call."""

    code, status = "REVIEW_OWN", 403
    title = Words("Votre propre appel", "Your own call")
    detail = Words("Une autre personne doit évaluer cet appel.", "Another person has to review this call.")


class ReviewOfOther(Refusal):
    """Only the agent of the call comments its review."""

    code, status = "REVIEW_OF_OTHER", 403
    title = Words("Appel d'une autre personne", "Somebody else's call")
    detail = Words(
        "Seule la personne qui a pris l'appel commente son évaluation.", "Only who took the call comments its review."
    )


class CommentPending(Refusal):
    """The agent still has time to answer. Extra member: `until`."""

    code, status = "COMMENT_PENDING", 409
    title = Words("Commentaire attendu", "Comment awaited")
    detail = Words(
        "L'agent peut encore commenter. Terminez l'évaluation après son commentaire ou une fois le délai passé.",
        "The agent may still comment. End the review after the comment, or once the time for it is over.",
    )
