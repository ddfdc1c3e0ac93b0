"""Sterilisation and logistics that several hospitals share: sets, runs, loads, release, recall, custody, orders."""
