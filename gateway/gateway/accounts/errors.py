"""Refusals of account administration."""

from maillage.refusals import Refusal
from maillage.words import Words


class LoginTaken(Refusal):
    """Another account has this login, or this RPPS."""

    code, status = "LOGIN_TAKEN", 409
    title = Words("Identifiant déjà pris", "Login already taken")
    detail = Words("Choisissez un autre identifiant.", "Choose another login.")


class OwnAccount(Refusal):
    """Nobody withdraws his own rights: somebody else must."""

    code, status = "OWN_ACCOUNT", 409
    title = Words("C'est votre propre compte", "This is your own account")
    detail = Words("Demandez à un autre administrateur de le faire.", "Ask another administrator to do it.")


class PersonClosed(Refusal):
    """A closed account stays closed; it is kept for the audit."""

    code, status = "PERSON_CLOSED", 409
    title = Words("Compte fermé", "Account closed")
    detail = Words("Créez un nouveau compte.", "Create a new account.")


class RoleNotForKind(Refusal):
    """This kind of organisation does not give this role."""

    code, status = "ROLE_NOT_FOR_KIND", 422
    title = Words("Fonction impossible dans cette organisation", "Role not possible in this organisation")
    detail = Words(
        "Choisissez une fonction que cette organisation peut donner.", "Choose a role that this organisation can give."
    )


class MembershipExists(Refusal):
    """The person already has this role here at that time."""

    code, status = "MEMBERSHIP_EXISTS", 409
    title = Words("Fonction déjà donnée", "Role already given")
    detail = Words(
        "Cette personne a déjà cette fonction à cette période.", "This person already has this role at that time."
    )


class SharedAccount(Refusal):
    """The person also works for another organisation: who changes where mails go, or sees an invitation, could sign in
    there."""

    code, status = "SHARED_ACCOUNT", 409
    title = Words("Compte partagé avec une autre organisation", "Account shared with another organisation")
    detail = Words(
        "Cette personne travaille aussi ailleurs : ses adresses ne se changent pas d'ici, et une invitation ne peut "
        "partir qu'à son adresse e-mail. Demandez à la personne ou à l'opérateur.",
        "This person also works elsewhere: the addresses cannot be changed from here, and an invitation can only go to "
        "the e-mail address. Ask the person or the operator.",
    )
