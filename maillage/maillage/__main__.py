"""`python -m maillage` is `maillage`."""

from maillage.command import main

if __name__ == "__main__":
    raise SystemExit(main())
