"""`python -m gateway.factors.code <secret>`: the code that an authenticator would show now. For demonstrations and for
tests by hand; `-` reads the secret from standard input, so that it stays out of the list of processes."""

import sys

from gateway.factors import totp
from maillage import clock


def main(words: list[str]) -> int:
    """Prints the code; 2 without a secret that can be read."""
    text = (sys.stdin.readline() if words == ["-"] else "".join(words)).strip().replace(" ", "")
    try:
        if not text:
            raise ValueError
        sys.stdout.write(totp.code(text, clock.now()) + "\n")
    except ValueError:
        sys.stderr.write("usage: python -m gateway.factors.code <secret in base 32, or - to read it>\n")
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
