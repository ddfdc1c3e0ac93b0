"""Ids and numbers of the demonstration that other parts refer to by value. All generated: nobody real has them."""

from uuid import NAMESPACE_URL, UUID, uuid5

from appointments.directory.domain import luhn_key

CENTRE_ID = uuid5(NAMESPACE_URL, "maillage:demo:centre-71")
PUBLIC_LINE = "+33385347100"

PHYSICIANS = 30
NURSES = 4
NURSE = PHYSICIANS + 1
"""The nurse to whom doctors delegate the reason `DELEGATED`."""
DELEGATED = "suivi-diabete-infirmier"


def rpps(serial: int) -> str:
    """The RPPS of the demonstration practitioner `serial` (1 to 34): prefix 899, made up, with the right key."""
    body = f"899{serial:07d}"
    return body + luhn_key(body)


def demo_id(name: str) -> UUID:
    """The same id at each load, for whatever has a name in the demonstration."""
    return uuid5(CENTRE_ID, name)


def practitioner_id(serial: int) -> UUID:
    """Id of the practitioner (and of its resource)."""
    return demo_id(f"practitioner:{serial}")


FIRST_PHYSICIAN_RPPS = rpps(1)
FIRST_NURSE_RPPS = rpps(PHYSICIANS + 1)
