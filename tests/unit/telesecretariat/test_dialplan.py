"""The dialplan that ships: whatever happens to the service, a caller hears something and reaches somebody."""

import re
from pathlib import Path

import pytest

from telesecretariat.telephony.adapters.ari_acts import REGULATOR

PLAN = Path(__file__).parents[3] / "deploy" / "asterisk" / "extensions.conf"


def contexts() -> dict[str, list[tuple[str, str]]]:
    """Steps by context: application and arguments, in their order."""
    found: dict[str, list[tuple[str, str]]] = {}
    steps: list[tuple[str, str]] = []
    for line in PLAN.read_text(encoding="utf-8").splitlines():
        if begins := re.fullmatch(r"\[([a-z-]+)\](\(\+\))?", line):
            steps = found.setdefault(begins[1], [])
        elif step := re.fullmatch(r"(?:exten => \S+,1| same => n(?:\([a-z]+\))?),(\w+)\((.*)\)", line):
            steps.append((step[1], step[2]))
        else:
            assert not line or line.startswith(";"), f"not understood: {line}"
    return found


@pytest.mark.parametrize("entry", ["maillage-from-trunk", "maillage-from-trunk-replicas"])
def test_a_caller_whom_the_service_does_not_take_goes_on_to_the_fallback(entry: str) -> None:
    steps = contexts()[entry]
    names = [name for name, _ in steps]
    enters = next(place for place, name in enumerate(names) if name.startswith("Stasis"))
    assert "inbound" in steps[enters][1]
    assert "${EXTEN}" in steps[enters][1], "the application is told which number was dialled"
    assert names[enters + 1 :] == ["GotoIf", "Goto", "Hangup"]
    assert steps[enters + 2][1] == "maillage-fallback,s,1"
    assert "Answer" not in names, "the service answers; the dialplan's Answer costs half a second"


def test_the_fallback_is_never_silent_and_never_dials_the_15_by_itself() -> None:
    steps = contexts()["maillage-fallback"]
    assert [name for name, _ in steps] == ["Answer", "Playback", "GotoIf", "Dial", "Playback", "Playback", "Hangup"]
    assert steps[1][1] == "maillage/danger_15"
    assert steps[3][1].startswith("${MAILLAGE_FALLBACK}")


def test_the_simulated_regulator_is_where_the_adapter_rings() -> None:
    extension, context = REGULATOR.removeprefix("Local/").split("@")
    text = PLAN.read_text(encoding="utf-8")
    assert f"exten => {extension},1,Answer()" in text.split(f"[{context}]")[1]
    assert "Dial" not in [name for name, _ in contexts()[context]]
