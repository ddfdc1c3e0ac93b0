"""What every test gets: the kit's fixtures (`maillage.testing`)."""

pytest_plugins = ["maillage.testing"]
