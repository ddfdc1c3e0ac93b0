"""Settings of the cooperation service."""

from typing import ClassVar

from maillage.settings import ServiceSettings


class CooperationSettings(ServiceSettings):
    """What the group decides (shelf days, tolerances, tests of the day…) is data, in `members/parameters.py`; here is
    only what an operator sets."""

    SERVICE: ClassVar[str] = "cooperation"
    REFUSALS_AUDITED: ClassVar[bool] = True
