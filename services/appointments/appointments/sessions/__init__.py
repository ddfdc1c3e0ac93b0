"""Days on which a practitioner from elsewhere receives at a site."""
