"""Instructions of practitioners and centres, and the proof of what was shown."""
