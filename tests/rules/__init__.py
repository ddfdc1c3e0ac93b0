"""Rules of the house that no ready-made linter knows. `python -m tests.rules.check` runs them."""
