"""The waiting room before the pages of patients, for the hour in which everybody comes at once."""
