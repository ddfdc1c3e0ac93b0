"""Passwords that anyone would try first, and codes of an authenticator: rules without I/O."""

import subprocess
import sys
from datetime import UTC, datetime, timedelta

import pytest

from gateway.factors import code, totp
from gateway.sessions.strength import is_weak

NAMES = ("Démonstration Accueil", "Centre de santé départemental de Saône-et-Loire")
# RFC 6238, appendix B: the SHA-1 rows, last six digits.
RFC_SECRET = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
RFC_CODES = {59: "287082", 1111111109: "081804", 1111111111: "050471", 1234567890: "005924", 2000000000: "279037"}


@pytest.mark.parametrize(
    "password",
    [
        "court",
        "onze signes",
        "x" * 257,
        "aaaaaaaaaaaaa",
        "abababababab",
        "123456789012",
        "0639980001 0639980001",
        "motdepasse2026",
        "M0td3p@ss3!2026",
        "Password!!!123",
        "azertyuiop123",
        "AZERTYuiop&123456",
        "qsdfghjklm!!",
        "poiuytreza2024",
        "1qaz2wsx3edc",
        "abcdefghijkl",
        "soleilsoleil",
        "SoleilLune2026",
        "xkqpxkqpxkqp",
        "Bonjour.Marseille71",
        "Telesecretariat2026!",
        "centredesante71",
        "Saône-et-Loire 71000",
        "Jean.Dupont2026",
        "dupont-jean-dupont",
        "Demonstration.Accueil",
        "Novembre2026!!",
        "ｍｏｔｄｅｐａｓｓｅ２０２６",
    ],
)
def test_what_is_guessed_first_is_weak(password: str) -> None:
    assert is_weak(password, login="jean.dupont", names=NAMES)


@pytest.mark.parametrize(
    "password",
    [
        "quatre chevaux lents",
        "éléphant-bleu-42",
        "correct horse battery",
        "une phrase que personne ne devine",
        "x7Kq92mLp0Zt",
        "la pluie tombe sur le toit",
        "le centre ferme trop tôt 2026",
        "Rq4!vT9#zW2k",
    ],
)
def test_a_sentence_or_random_signs_are_fine(password: str) -> None:
    assert not is_weak(password, login="jean.dupont", names=NAMES)


def test_codes_are_those_of_the_norm_and_of_their_time() -> None:
    for at, right in RFC_CODES.items():
        assert totp.code(RFC_SECRET, datetime.fromtimestamp(at, UTC)) == right
    now = datetime(2026, 11, 23, 8, 0, 10, tzinfo=UTC)
    present = int(now.timestamp()) // 30
    for steps, fits in ((-2, False), (-1, True), (0, True), (1, True), (2, False)):
        typed = totp.code(RFC_SECRET, now + steps * timedelta(seconds=30))
        assert totp.step_of(RFC_SECRET, typed, now, 0) == (present + steps if fits else None), steps
        assert totp.step_of(RFC_SECRET, typed, now, present + steps) is None, "it was used"
    for wrong in ("", "00000", "0000000", "abcdef", "é" * 6, "\ud800"):
        assert totp.step_of(RFC_SECRET, wrong, now, 0) is None, wrong


def test_an_authenticator_is_given_what_it_reads() -> None:
    secret = totp.new_secret()
    assert len(secret) == 32
    assert secret != totp.new_secret()
    uri = totp.uri(secret, "jean dupont")
    assert uri.startswith("otpauth://totp/Maillage:jean%20dupont?secret=" + secret)
    image = totp.qr(uri)
    assert image.startswith("data:image/svg+xml")
    assert "script" not in image


def test_a_code_on_the_command_line(capsys: pytest.CaptureFixture[str]) -> None:
    """From the argument or from standard input; what is no secret is refused."""
    assert code.main([RFC_SECRET]) == 0
    shown = capsys.readouterr().out.strip()
    assert len(shown) == 6
    command = [sys.executable, "-m", "gateway.factors.code", "-"]
    done = subprocess.run(command, input=RFC_SECRET, capture_output=True, text=True, timeout=60, check=False)
    assert (done.returncode, len(done.stdout.strip())) == (0, 6)
    assert code.main(["not base 32!"]) == 2
    assert code.main([]) == 2
