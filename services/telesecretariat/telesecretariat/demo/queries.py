"""SQL of the demonstration: rows that a centre would make through the screens over months."""

from collections.abc import Sequence
from uuid import UUID

import asyncpg

from maillage.database import Tx
from maillage.ids import new_id


async def loaded(tx: Tx, client_id: UUID) -> object:
    """Whether the demonstration is there."""
    return await tx.fetchval("SELECT true FROM client WHERE id = $1", client_id)


async def contract(tx: Tx, client_id: UUID, centre: UUID, firm: UUID, name: str, prices: dict[str, int]) -> None:
    """The centre is answered for by the firm, since a while."""
    await tx.execute(
        """
        INSERT INTO client (id, organisation_id, provider_id, name, valid, prices, monitoring_declared, created_at)
        VALUES ($1, $2, $3, $4, tstzrange($5::timestamptz - interval '90 days', NULL), $6, true, $5)
        """,
        client_id,
        centre,
        firm,
        name,
        tx.now,
        prices,
    )


async def telephone(tx: Tx, firm: UUID, capabilities: Sequence[str]) -> None:
    """The simulated telephone system."""
    await tx.execute(
        """
        INSERT INTO telephony_adapter (id, organisation_id, kind, since, capabilities)
        VALUES ('simulated', $1, 'simulated', $2, $3) ON CONFLICT (id) DO NOTHING
        """,
        firm,
        tx.now,
        list(capabilities),
    )


async def line(
    tx: Tx, ids: tuple[UUID, UUID, UUID], centre: UUID, name: str, number: str, weekly: list[dict[str, object]]
) -> None:
    """The line with its calendar; `ids`: line, calendar, client."""
    await tx.execute(
        "INSERT INTO calendar (id, organisation_id, name, weekly, created_at) VALUES ($1, $2, $3, $4, $5)",
        ids[1],
        centre,
        name,
        weekly,
        tx.now,
    )
    await tx.execute(
        """
        INSERT INTO line (id, organisation_id, client_id, name, number, time_zone, calendar_id, adapter_id, created_at)
        VALUES ($1, $2, $3, $4, $5, 'Europe/Paris', $6, 'simulated', $7)
        """,
        ids[0],
        centre,
        ids[2],
        name,
        number,
        ids[1],
        tx.now,
    )


async def agent(tx: Tx, agent_id: UUID, firm: UUID, label: str, address: str) -> None:
    """An agent with a telephone on the simulated system."""
    await tx.execute(
        """
        INSERT INTO agent (id, organisation_id, label, device_kind, device_address, device_ready, state_since,
                           created_at)
        VALUES ($1, $2, $3, 'phone', $4, true, $5, $5) ON CONFLICT (id) DO NOTHING
        """,
        agent_id,
        firm,
        label,
        address,
        tx.now,
    )


async def announcement(tx: Tx, centre: UUID, client_id: UUID, moment: str, parts: list[object]) -> None:
    """What the line says at a moment."""
    await tx.execute(
        """
        INSERT INTO announcement (id, organisation_id, client_id, moment, parts, created_at)
        VALUES ($1, $2, $3, $4, $5, $6)
        """,
        new_id(),
        centre,
        client_id,
        moment,
        parts,
        tx.now,
    )


async def instruction(
    tx: Tx, place: tuple[UUID, UUID, str, UUID, str | None], text: str, codes: tuple[list[str], list[str]],
    doctor: tuple[UUID, UUID], urgent: list[object],
) -> None:  # fmt: skip
    """A published version; `place`: centre, client, scope, scope id, motive; `doctor`: person, practitioner."""
    centre, client_id, scope, scope_id, motive = place
    instruction_id = new_id()
    await tx.execute(
        """
        INSERT INTO instruction (id, organisation_id, client_id, scope, scope_id, motive, created_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7)
        """,
        instruction_id,
        centre,
        client_id,
        scope,
        scope_id,
        motive,
        tx.now,
    )
    await tx.execute(
        """
        INSERT INTO instruction_version (id, organisation_id, client_id, instruction_id, number, text, allowed,
            forbidden, urgent_contacts, validity, state, author_id, validator_id, published_at, created_at)
        VALUES ($1, $2, $3, $4, 1, $5, $6, $7, $8, $9, 'published', $10, $11, $12, $12)
        """,
        new_id(),
        centre,
        client_id,
        instruction_id,
        text,
        codes[0],
        codes[1],
        urgent,
        asyncpg.Range(tx.now, None),
        *doctor,
        tx.now,
    )


async def red_flags(tx: Tx, centre: UUID, client_id: UUID, items: list[object], practitioner_id: UUID) -> None:
    """The list that red flags are recognised by, signed by the demonstration's doctor."""
    await tx.execute(
        """
        INSERT INTO red_flag_set (id, organisation_id, client_id, number, items, state, validated_by, validity,
                                  created_at)
        VALUES ($1, $2, $3, 1, $4, 'published', $5, $6, $7)
        """,
        new_id(),
        centre,
        client_id,
        items,
        practitioner_id,
        asyncpg.Range(tx.now, None),
        tx.now,
    )


async def contact_point(
    tx: Tx, centre: UUID, practitioner_id: UUID | None, role: str, sealed: bytes | None, backup: UUID | None
) -> None:
    """Where somebody is reached by SMS."""
    await tx.execute(
        """
        INSERT INTO contact_point (id, organisation_id, practitioner_id, role, channel, address_sealed,
                                   backup_practitioner_id, created_at)
        VALUES ($1, $2, $3, $4, 'sms', $5, $6, $7)
        """,
        new_id(),
        centre,
        practitioner_id,
        role,
        sealed,
        backup,
        tx.now,
    )
