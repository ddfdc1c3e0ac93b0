"""Cycles as machines would record them. Pure."""

from typing import Final, Literal, Protocol

from cooperation.loads.domain import saturation_pressure_kpa

Fault = Literal["dip", "cold"]
STEP_S: Final = 5.0
_ROOM_C: Final = 25.0


class Dice(Protocol):
    """What draws the noise of a curve: `random.Random` of the day's seed."""

    def uniform(self, a: float, b: float, /) -> float: ...


def steam(temp_c: float, plateau_s: float, dice: Dice, fault: Fault | None) -> list[list[object]]:
    """Up to the plateau, along it with a little noise, and down. `dip`: half a degree under the band for 20 s in the
    middle, which the sum of lethality hides and the plateau does not."""
    held = temp_c + 0.8
    rows: list[list[object]] = []
    whole = plateau_s + 30
    for at in _steps(900 + whole + 600):
        if at < 900:
            level = _ROOM_C + (held - _ROOM_C) * at / 900
        elif at < 900 + whole:
            level = held + dice.uniform(-0.15, 0.15)
        else:
            level = held - (held - 60.0) * (at - 900 - whole) / 600
        if fault == "dip" and 900 + whole / 2 <= at < 920 + whole / 2:
            level = temp_c - 0.4
        pressure = saturation_pressure_kpa(max(level, 30.0)) + dice.uniform(-0.3, 0.3)
        rows.append([at, [round(level, 3), round(level + 0.1, 3)], round(pressure, 3)])
    return rows


def wash(a0_s: float, dice: Dice, fault: Fault | None) -> list[list[object]]:
    """Cold, up to 90 °C for as long as its A0 asks and a tenth more, and out. `cold`: the heating fails at 75 °C."""
    held = 75.0 if fault == "cold" else 90.5
    whole = max(90.0, a0_s / 10 * 1.1)
    rows: list[list[object]] = []
    for at in _steps(600 + whole + 120):
        level = _ROOM_C + (held - _ROOM_C) * min(1.0, at / 600) if at < 600 + whole else 60.0
        rows.append([at, [round(level + dice.uniform(-0.1, 0.1), 3), round(level + 0.2, 3)], None])
    return rows


def low(temp_c: float, plateau_s: float, dice: Dice) -> list[list[object]]:
    """A low-temperature cycle: its plateau and nothing else that decides."""
    return [[at, [round(temp_c + 1.5 + dice.uniform(-0.3, 0.3), 3)], 60.0] for at in _steps(plateau_s + 120)]


def _steps(seconds: float) -> list[float]:
    return [STEP_S * place for place in range(int(seconds / STEP_S) + 1)]
