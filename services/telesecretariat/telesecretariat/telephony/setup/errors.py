"""Refusals of the registration of telephone systems."""

from maillage.refusals import Refusal
from maillage.words import Words


class AdapterExists(Refusal):
    """A telephone system of that name is registered already."""

    code, status = "ADAPTER_EXISTS", 409
    title = Words("Nom déjà pris", "Name already taken")
    detail = Words(
        "Un système téléphonique porte déjà ce nom. Choisissez-en un autre.",
        "A telephone system already has this name. Choose another.",
    )


class AdapterUnsigned(Refusal):
    """Only a telephone system that tells by webhook signs what it tells."""

    code, status = "ADAPTER_UNSIGNED", 409
    title = Words("Ce système téléphonique n'a pas de secret", "This telephone system has no secret")
    detail = Words(
        "Seul un système qui envoie ses événements par webhook les signe.",
        "Only a system that sends its events by webhook signs them.",
    )


class SettingRefused(Refusal):
    """A setting that this kind of telephone system does not have, or that it cannot work with."""

    code, status = "SETTING_REFUSED", 422
    title = Words("Réglage non accepté", "Setting not accepted")
    detail = Words(
        "Ce réglage n'existe pas pour ce type de système téléphonique : retirez-le.",
        "This setting does not exist for this kind of telephone system: remove it.",
    )
