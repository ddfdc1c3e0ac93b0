"""Who takes which call: next, claim, offers."""
