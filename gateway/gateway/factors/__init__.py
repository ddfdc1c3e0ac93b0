"""Second factors: the authenticator (TOTP), recovery codes, and proving one again."""
