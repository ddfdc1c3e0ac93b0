"""Models, packagings, programmes, machines and compositions as collections."""

from datetime import datetime
from typing import cast
from uuid import UUID

from cooperation.catalogue.queries import ADOPTED
from cooperation.catalogue.schemas import (
    CompositionIn,
    CompositionOut,
    CompositionPatch,
    InstrumentModelIn,
    InstrumentModelOut,
    InstrumentModelPatch,
    MachineIn,
    MachineOut,
    MachinePatch,
    PackagingIn,
    PackagingOut,
    PackagingPatch,
    ProgrammeIn,
    ProgrammeOut,
    ProgrammePatch,
)
from cooperation.machines.rows import Machine
from cooperation.members import queries
from cooperation.members.collections import Collection, Making, Values, owner_of, referenced, span
from cooperation.members.errors import CodeTaken, ProgrammeOverlaps
from maillage.refusals import TimeInvalid


async def _programme(making: Making) -> Values:
    """The next number of its code; the number before ends where this one begins, which is not in the past: what ran
    under it was judged by it."""
    values, tx = span(making, least=making.tx.now), making.tx
    if making.row is None:
        of = (making.group.id, values["code"])
        begins = cast(datetime, making.given["valid_from"])
        if await tx.execute(queries.END_PROGRAMME, *of, begins) != "UPDATE 0" and begins < tx.now:
            raise TimeInvalid(pointer="/valid_from")
        values["no"] = await tx.fetchval(queries.NEXT_PROGRAMME, *of)
    return values


async def _machine(making: Making) -> Values:
    if making.row is not None:
        return making.given
    site = (await referenced(making, "site", "site_id", cast(UUID, making.given["site_id"])))[0]
    return making.given | {"site_id": site["id"], "state_since": making.tx.now}


async def _composition(making: Making) -> Values:
    given = {name: value for name, value in making.given.items() if name != "owner_id"}
    return given if making.row is not None else given | {"organisation_id": await owner_of(making)}


MODELS = Collection(
    one="instrument_model", many="instrument_models", given=InstrumentModelIn, patch=InstrumentModelPatch,
    shown=InstrumentModelOut,
)  # fmt: skip
PACKAGINGS = Collection(
    one="packaging", many="packagings", given=PackagingIn, patch=PackagingPatch, shown=PackagingOut
)  # fmt: skip
PROGRAMMES = Collection(
    one="programme", many="programmes", given=ProgrammeIn, patch=ProgrammePatch, shown=ProgrammeOut,
    columns=_programme, also=queries.VALIDITY,
    taken={
        "programme_group_id_code_no_key": ProgrammeOverlaps,
        "programme_group_id_code_valid_excl": ProgrammeOverlaps,
    },
)  # fmt: skip
MACHINES = Collection(
    one="machine", many="machines", given=MachineIn, patch=MachinePatch, shown=MachineOut, columns=_machine,
    of="site_id", traced=Machine,
)  # fmt: skip
COMPOSITIONS = Collection(
    one="composition", many="compositions", given=CompositionIn, patch=CompositionPatch, shown=CompositionOut,
    columns=_composition, also=ADOPTED, taken={"composition_organisation_id_code_key": CodeTaken},
)  # fmt: skip
