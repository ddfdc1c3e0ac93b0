"""Six levels, one answer: the nearest word on each field, every prohibition, and a hash that is the proof."""

from datetime import UTC, datetime, time
from uuid import UUID

import pytest

from telesecretariat.instructions.domain import (
    Absence,
    Contact,
    Scope,
    Version,
    Window,
    content_hash,
    line_differences,
    resolve,
    speaks,
)

UNTIL = datetime(2026, 12, 1, 8, tzinfo=UTC)
SELF, BACKUP = Contact("self", "phone"), Contact("backup", "sms")


def a_version(
    n: int,
    scope: Scope = "client",
    motive: str | None = None,
    *,
    text: str | None = None,
    allowed: list[str] | None = None,
    forbidden: tuple[str, ...] = (),
    contacts: list[Contact] | None = None,
    absence: Absence | None = None,
    valid_until: datetime | None = None,
) -> Version:
    return Version(UUID(int=n), scope, motive, text, allowed, forbidden, contacts, absence, valid_until)


NEAREST_FIRST = [
    a_version(1, "practitioner", "result", text="p+m"),
    a_version(2, "practitioner", text="p"),
    a_version(3, "site", "result", text="s+m"),
    a_version(4, "site", text="s"),
    a_version(5, "client", "result", text="c+m"),
    a_version(6, "client", text="c"),
]


@pytest.mark.parametrize("nearest", range(6))
def test_the_nearest_level_that_speaks_decides(nearest: int) -> None:
    heard = resolve(list(reversed(NEAREST_FIRST[nearest:])), None)
    assert heard.text == NEAREST_FIRST[nearest].text
    assert heard.sources["text"] == [NEAREST_FIRST[nearest].id]


def test_each_field_has_its_own_nearest_level() -> None:
    heard = resolve(
        [
            a_version(1, "practitioner", text="de près"),
            a_version(2, "site", allowed=["message", "book"], contacts=[SELF]),
            a_version(3, text="de loin", allowed=["nothing"], contacts=[BACKUP]),
        ],
        None,
    )
    assert (heard.text, list(heard.allowed), list(heard.urgent_contacts)) == ("de près", ["message", "book"], [SELF])
    assert heard.sources["allowed"] == [UUID(int=2)]


def test_what_any_level_forbids_is_not_allowed() -> None:
    heard = resolve(
        [
            a_version(1, "practitioner", allowed=["message", "give_result", "book"], forbidden=("overbook",)),
            a_version(2, forbidden=("give_result",)),
        ],
        None,
    )
    assert list(heard.allowed) == ["message", "book"]
    assert list(heard.forbidden) == ["give_result", "overbook"]
    assert heard.sources["forbidden"] == [UUID(int=1), UUID(int=2)]


def test_while_the_doctor_is_away_the_backup_comes_first() -> None:
    other = UUID(int=99)
    away = a_version(1, "practitioner", contacts=[SELF, BACKUP], absence=Absence("voir le remplaçant", other))
    assert list(resolve([away], None).urgent_contacts) == [SELF, BACKUP]
    assert resolve([away], None).absence is None
    heard = resolve([away], UNTIL)
    assert list(heard.urgent_contacts) == [BACKUP, SELF]
    assert heard.absence == Absence("voir le remplaçant", other, UNTIL)
    unwritten = resolve([a_version(1, absence=Absence(None, other))], UNTIL)
    assert list(unwritten.urgent_contacts) == [Contact("backup", "phone")]


def test_the_end_is_the_earliest_of_what_was_used() -> None:
    unused = a_version(2, text="caché", valid_until=datetime(2026, 1, 1, tzinfo=UTC))
    used = a_version(1, "site", text="vu", valid_until=UNTIL)
    assert resolve([unused, used], None).valid_until == UNTIL


def test_the_hash_follows_the_words_and_not_a_later_end() -> None:
    def told(**changed: object) -> bytes:
        return content_hash(resolve([a_version(1, **({"text": "mot", "allowed": ["message"]} | changed))], None))  # type: ignore[arg-type]

    assert told() == told(valid_until=UNTIL)
    assert len({told(), told(text="mots"), told(allowed=[]), told(forbidden=("x",)), told(contacts=[SELF])}) == 5
    assert content_hash(resolve([a_version(1, text="mot")], UNTIL)) != content_hash(
        resolve([a_version(1, text="mot")], None)
    )


def test_an_instruction_speaks_in_its_hours() -> None:
    morning = Window([0, 1], time(8), time(12))
    night = Window([0], time(20), time(0))
    monday = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
    assert speaks([], monday)
    assert speaks([morning], monday)
    assert not speaks([morning], monday.replace(hour=12))
    assert not speaks([morning], monday.replace(day=25))
    assert speaks([morning, night], monday.replace(hour=23, minute=59))


def test_two_texts_are_shown_line_by_line() -> None:
    assert line_differences("a\nb\nc", "a\nB\nc\nd") == [
        ("same", "a"),
        ("removed", "b"),
        ("added", "B"),
        ("same", "c"),
        ("added", "d"),
    ]
    assert line_differences(None, "neuf") == [("added", "neuf")]
