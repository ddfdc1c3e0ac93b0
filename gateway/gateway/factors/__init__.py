"""Second factors: authenticators, recovery codes, step-up."""
