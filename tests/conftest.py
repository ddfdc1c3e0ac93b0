"""What every test gets: the kit's fixtures (`maillage.testing`)."""

import os

pytest_plugins = ["maillage.testing"]
# A service that seals does not start without its key; tests that have no other reason to name one use this.
os.environ.setdefault("MAILLAGE_TELESECRETARIAT_KEY", "a-key-of-tests-with-more-than-forty-three-signs-in-it")
