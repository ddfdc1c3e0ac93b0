"""Loads the demonstration: one group, five hospitals, a plant, 150 sets. Ids are made from names, the group's,
hospitals' and accounts' as in the gateway's demonstration."""

from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import Final
from uuid import NAMESPACE_URL, UUID, uuid5

import asyncpg

from cooperation.codes.domain import check_digit, read
from cooperation.custody.moving import Subject, move
from cooperation.demo import queries, words
from cooperation.machines.rows import Machine
from cooperation.runs.rows import Instrument, InstrumentSet
from cooperation.trace.recording import add_many
from cooperation.transport.rows import Compartment, Crate
from maillage.database import Tx
from maillage.principal import system
from maillage.service import DemoAccount, DemoContext

GROUP: Final = uuid5(NAMESPACE_URL, "maillage:demo:gcs-52")
HOSPITALS: Final = tuple(uuid5(NAMESPACE_URL, f"maillage:demo:hospital-52-{number}") for number in range(1, 6))
PHARMACIST: Final = uuid5(GROUP, "person:pharmacien")
BEGAN: Final = datetime(2026, 1, 1, tzinfo=UTC)
"""From when on programmes, signatory and memberships are valid."""
Values = dict[str, object]


def known(kind: str, name: str, owner: UUID = GROUP) -> UUID:
    """The id of a row of the demonstration: `known("machine", "steam-1")`, `known("place", "store", HOSPITALS[1])`,
    `known("set", "001")`."""
    return uuid5(owner, f"cooperation:{kind}:{name}")


def mark(kind: int, serial: str) -> str:
    """The canonical name of a GRAI: `kind` 12 for sets, 20 for crates."""
    digits = f"{words.PREFIX}{kind:05d}"
    return read(f"(8003)0{digits}{check_digit(digits)}{serial}").uri


async def load(context: DemoContext) -> Sequence[DemoAccount]:
    """Loads into a base without the demonstration; a second time it changes nothing. Accounts are the gateway's."""
    await context.database.run(system("cooperation"), build)
    return ()


async def build(tx: Tx) -> None:
    """All of it, in one transaction."""
    if await tx.fetchval(queries.LOADED, GROUP):
        return
    await _group(tx)
    await _places(tx)
    await _machines(tx)
    await _stations(tx)
    await _catalogue(tx)
    await _recipes(tx)
    await _fleet(tx)
    await _flows(tx)
    await _sets(tx)
    tx.audit("demonstration_loaded", "group", GROUP, GROUP)


async def _put(tx: Tx, table: str, rows: Sequence[Values], *, grouped: bool = True) -> None:
    """Rows of one shape, of the group unless they say whose they are."""
    common: Values = {"organisation_id": GROUP, "created_at": tx.now} | ({"group_id": GROUP} if grouped else {})
    whole = [common | row for row in rows]
    await tx.executemany(queries.add(table, tuple(whole[0])), [list(row.values()) for row in whole])


async def _group(tx: Tx) -> None:
    group: Values = {"id": GROUP, "name": words.GROUP_NAME, "gs1_prefix": words.PREFIX}
    await _put(tx, "cooperation_group", [group], grouped=False)
    members = [
        {"id": member, "organisation_id": member, "name": each.name, "finess": finess(number),
         "rights": each.rights, "joined_on": date(2026, 1, 1)}
        for number, (member, each) in enumerate(zip(HOSPITALS, words.HOSPITALS, strict=True), start=1)
    ]  # fmt: skip
    await _put(tx, "member", members)


def finess(number: int) -> str:
    """A number of the department's form that nobody has, with its Luhn key."""
    body = f"52999{number:03d}"
    doubled = (int(each) * (2 if place % 2 == 0 else 1) for place, each in enumerate(reversed(body)))
    return f"{body}{-sum(each - 9 if each > 9 else each for each in doubled) % 10}"


async def _places(tx: Tx) -> None:
    sites: list[Values] = []
    places: list[Values] = []
    owners = [(GROUP, "Stérilisation de Chaumont (démonstration)", "plant", words.PLANT_PLACES)]
    for member, each in zip(HOSPITALS, words.HOSPITALS, strict=True):
        owners.append((member, each.name, "hospital", words.HOSPITAL_PLACES))
    for number, (owner, name, kind, kinds) in enumerate(owners):
        gln = f"{words.PREFIX}{number:05d}"
        site = {"id": known("site", "1", owner), "organisation_id": owner, "name": name, "kind": kind}
        sites.append(site | {"gln": f"{gln}{check_digit(gln)}"})
        for place, (called, cleanliness, locked) in kinds.items():
            places.append({
                "id": known("place", place, owner), "organisation_id": owner, "site_id": site["id"], "name": called,
                "kind": place, "cleanliness": cleanliness, "code": f"S{number}-{place}", "locked": locked,
            })  # fmt: skip
    await _put(tx, "site", sites)
    await _put(tx, "place", places)


async def _machines(tx: Tx) -> None:
    machines = [
        Machine(
            id=known("machine", name), organisation_id=GROUP, created_at=tx.now, group_id=GROUP,
            site_id=known("site", "1"), name=called, kind=kind, capacity=capacity, state_since=tx.now,  # type: ignore[arg-type]
        )
        for name, called, kind, capacity in words.MACHINES
    ]  # fmt: skip
    await add_many(tx, machines, "machine.added")
    signed = [machine.id for machine in machines if machine.kind != "sealer"]
    signatory: Values = {
        "id": known("signatory", "1"), "person_id": PHARMACIST, "machine_ids": signed,
        "valid": asyncpg.Range(BEGAN, None), "document_ref": "DEMO-1",
    }  # fmt: skip
    await _put(tx, "signatory", [signatory], grouped=False)


async def _stations(tx: Tx) -> None:
    """Each with one scanner."""
    stations: list[Values] = []
    for kind, place, machines in words.PLANT_STATIONS:
        stations += [_station(GROUP, kind, place, machine) for machine in machines or ("",)]
    for member in HOSPITALS:
        stations += [_station(member, kind, place, "") for kind, place in words.HOSPITAL_STATIONS]
    await _put(tx, "station", stations)
    devices = [
        {"id": uuid5(station["id"], "device"), "organisation_id": station["organisation_id"],  # type: ignore[arg-type]
         "station_id": station["id"], "name": f"Lecteur {station['name']}"}
        for station in stations
    ]  # fmt: skip
    await _put(tx, "device", devices)


def _station(owner: UUID, kind: str, place: str, machine: str) -> Values:
    called = next((name for code, name, _, _ in words.MACHINES if code == machine), "")
    return {
        "id": known("station", f"{kind} {machine}".strip(), owner), "organisation_id": owner,
        "site_id": known("site", "1", owner),
        "place_id": known("place", place, owner), "machine_id": known("machine", machine) if machine else None,
        "name": ", ".join(filter(None, (words.STATION_NAMES[kind], called))), "kind": kind,
    }  # fmt: skip


async def _catalogue(tx: Tx) -> None:
    models: list[Values] = [
        {"id": known("model", alias), "alias": alias, "single_use": not allowed, "programmes_allowed": list(allowed)}
        for alias, allowed in (*words.MODELS, *((alias, ()) for alias in words.SINGLE_USE))
    ]
    await _put(tx, "instrument_model", models)
    packagings = [
        {"id": known("packaging", kind), "name": name, "kind": kind, "shelf_days": days, "sealed": sealed}
        for kind, name, days, sealed in words.PACKAGINGS
    ]
    await _put(tx, "packaging", packagings)
    columns = ("code", "name", "kind", "temp_c", "band_k", "plateau_s", "saturation_k", "a0_min", "expected_min")
    programmes = [
        {"id": known("programme", each[0]), "no": 1, "valid": asyncpg.Range(BEGAN, None)}
        | dict(zip(columns, each, strict=True))
        for each in words.PROGRAMMES
    ]
    await _put(tx, "programme", programmes)


async def _recipes(tx: Tx) -> None:
    """Each hospital has its own composition of each recipe, with one adopted version."""
    compositions: list[Values] = []
    versions: list[Values] = []
    lines: list[Values] = []
    for member, recipe in _kept():
        made, version = known("composition", recipe.code, member), known("version", recipe.code, member)
        compositions.append({"id": made, "organisation_id": member, "code": recipe.code, "name": recipe.name})
        versions.append({
            "id": version, "organisation_id": member, "composition_id": made, "no": 1, "wash_programme": recipe.wash,
            "programme": recipe.programme, "packaging_ids": [known("packaging", each) for each in recipe.packaging],
            "prion_class": recipe.prion, "uo_category": recipe.uo,
        })  # fmt: skip
        for position, (alias, quantity, critical) in enumerate(recipe.lines, start=1):
            lines.append({
                "id": uuid5(version, str(position)), "organisation_id": member, "version_id": version,
                "position": position, "model_id": known("model", alias), "quantity": quantity,
                "mode": "exclusive" if recipe.marked else "free", "critical": critical,
            })  # fmt: skip
    await _put(tx, "composition", compositions)
    await _put(tx, "composition_version", versions, grouped=False)
    columns = tuple(lines[0])
    await tx.executemany(queries.add("composition_line", columns), [list(line.values()) for line in lines])
    await tx.execute(queries.ADOPT, [version["id"] for version in versions], PHARMACIST, tx.now)


def _kept() -> list[tuple[UUID, words.Recipe]]:
    by_code = {recipe.code: recipe for recipe in words.RECIPES}
    kept = zip(HOSPITALS, words.HOSPITALS, strict=True)
    return [(member, by_code[code]) for member, hospital in kept for code in hospital.recipes]


async def _fleet(tx: Tx) -> None:
    """One van, thirty crates, and the roads between the plant and the hospitals."""
    await _put(tx, "vehicle", [{"id": known("vehicle", "1"), "name": "Camionnette 1", "plate": "XX-000-XX"}])
    places: list[Values] = []
    compartments, crates = [], []
    for kind, name in (("clean", "Propre"), ("dirty", "Sale")):
        made = known("compartment", kind)
        places.append({"id": made, "name": name, "kind": "compartment", "cleanliness": kind, "code": str(made)})
        compartments.append(Compartment(
            id=made, organisation_id=GROUP, created_at=tx.now, group_id=GROUP, vehicle_id=known("vehicle", "1"),
            cleanliness=kind, capacity=20,  # type: ignore[arg-type]
        ))  # fmt: skip
    for number in range(1, 31):
        made = known("crate", f"{number:02d}")
        places.append(
            {"id": made, "name": f"Caisse {number}", "kind": "crate", "cleanliness": "any", "code": str(made)}
        )
        crates.append(Crate(
            id=made, organisation_id=GROUP, created_at=tx.now, group_id=GROUP, tag=mark(20, f"CR{number:02d}")
        ))  # fmt: skip
    await _put(tx, "place", places)
    await add_many(tx, compartments, "compartment.added")
    await add_many(tx, crates, "crate.added")
    for number, crate in enumerate(crates):
        dock = known("place", "dock", GROUP if number < 15 else HOSPITALS[number % 5])
        await move(tx, Subject("crate", crate.id, GROUP, GROUP), dock, tx.now)
    await _roads(tx)


async def _roads(tx: Tx) -> None:
    links: list[Values] = []
    plant = known("site", "1")
    for member, hospital in zip(HOSPITALS, words.HOSPITALS, strict=True):
        far = known("site", "1", member)
        back = [f"{int(at[:2]) + 1 + hospital.seconds // 3600:02d}:{at[3:]}" for at in words.DEPARTURES]
        for (start, end), hours in (((plant, far), words.DEPARTURES), ((far, plant), back)):
            links.append({
                "id": uuid5(start, f"cooperation:road:{end}"), "from_site_id": start, "to_site_id": end,
                "metres": hospital.metres, "seconds": hospital.seconds, "method": "demonstration",
                "departures": [{"days": words.WEEKDAYS, "at": at} for at in hours],
            })  # fmt: skip
    await _put(tx, "road_link", links)


async def _flows(tx: Tx) -> None:
    flows: list[Values] = []
    items: list[Values] = []
    for code, name, unit, direction, cleanliness, least, most, lots, double, cut_off, names in words.FLOWS:
        flows.append({
            "id": known("flow", code), "code": code, "name": name, "unit": unit, "direction": direction,
            "cleanliness": cleanliness, "least_c": least, "most_c": most, "lots": lots, "double_check": double,
            "cut_offs": {str(known("site", "1", member)): cut_off for member in HOSPITALS},
            "incompatible": words.INCOMPATIBLE.get(code, []),
        })  # fmt: skip
        for number, each in enumerate(names, start=1):
            items.append({
                "id": known("item", f"{code}-{number}"), "flow_id": known("flow", code), "code": f"{code}-{number}",
                "name": each,
            })  # fmt: skip
    await _put(tx, "flow", flows)
    await _put(tx, "item", items)


async def _sets(tx: Tx) -> None:
    """150 sets in their hospitals' theatres, none of them in a run yet; marked instruments where the recipe wants them,
    and a few spare ones."""
    sets = _all_sets(tx)
    instruments = [each for made, recipe in sets if recipe.marked for each in _marked(tx, made, recipe)]
    await add_many(tx, [made for made, _ in sets], "set.added")
    await add_many(tx, instruments, "instrument.added")
    for made, _ in sets:
        theatre = known("place", "theatre", made.organisation_id)
        await move(tx, Subject("set", made.id, made.organisation_id, GROUP), theatre, tx.now)


def _all_sets(tx: Tx) -> list[tuple[InstrumentSet, words.Recipe]]:
    by_code = {recipe.code: recipe for recipe in words.RECIPES}
    made: list[tuple[InstrumentSet, words.Recipe]] = []
    for member, hospital in zip(HOSPITALS, words.HOSPITALS, strict=True):
        for number in range(hospital.sets):
            serial = f"{len(made) + 1:03d}"
            recipe = by_code[hospital.recipes[number % len(hospital.recipes)]]
            made.append((InstrumentSet(
                id=known("set", serial), organisation_id=member, created_at=tx.now, group_id=GROUP,
                name=f"{recipe.name} {number // len(hospital.recipes) + 1}", tag=mark(12, serial),
                composition_id=known("composition", recipe.code, member),
                composition_version_id=known("version", recipe.code, member),
                home_place_id=known("place", "store", member),
            ), recipe))  # fmt: skip
    return made


def _marked(tx: Tx, of: InstrumentSet, recipe: words.Recipe) -> list[Instrument]:
    """One of each that the recipe counts, in the set, and one spare critical one for every set."""
    serial = of.tag[-3:]
    wanted = [(alias, of.id) for alias, quantity, _ in recipe.lines for _ in range(quantity)]
    spare = [(alias, None) for alias, _, critical in recipe.lines[:1] if critical]
    return [
        Instrument(
            id=known("instrument", f"{serial}-{number:02d}"), organisation_id=of.organisation_id, created_at=tx.now,
            group_id=GROUP, code=read(f"(8004){words.PREFIX}{serial}{number:02d}").uri,
            model_id=known("model", alias), set_id=set_id,
        )
        for number, (alias, set_id) in enumerate([*wanted, *spare], start=1)
    ]  # fmt: skip
