"""How often something was tried: sign-ins, tokens, misses of a manage link. Counted in the base, for all processes."""
