"""What the patient pages say of the telephone: copied from events."""
