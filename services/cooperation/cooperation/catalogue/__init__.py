"""Instrument models, packagings, programmes, compositions and their versions."""
