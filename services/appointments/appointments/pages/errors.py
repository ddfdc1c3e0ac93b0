"""Refusals that only pages say."""

from maillage.refusals import NotFound, Refusal
from maillage.words import Words


class LinkGone(NotFound):
    """A manage link that is wrong, old or guessed: one answer for all of them."""

    title = Words("Ce lien n'est plus valable", "This link is no longer valid")
    detail = Words(
        "Il est incomplet, ou le rendez-vous est passé. Un code reçu par SMS, appel ou e-mail montre vos rendez-vous.",
        "It is incomplete, or the appointment is over. A code by text message, call or email shows your appointments.",
    )


class NothingHere(NotFound):
    """An appointment that this contact does not reach."""

    title = Words("Rendez-vous introuvable", "Appointment not found")
    detail = Words(
        "Il n'est pas lié au contact vérifié sur cet appareil. Demandez un code, ou appelez-nous.",
        "It is not tied to the contact checked on this device. Ask for a code, or call us.",
    )


class FormForeign(Refusal):
    """The form was not made by these pages for this visitor, or his visit has ended."""

    code, status = "CSRF", 403
    title = Words("Cette page est trop ancienne", "This page is too old")
    detail = Words(
        "Rien n'a été enregistré. Recommencez depuis le début, ou appelez-nous.",
        "Nothing was saved. Start again from the beginning, or call us.",
    )
