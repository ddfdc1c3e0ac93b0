"""Activity, missed visits, access to care."""
