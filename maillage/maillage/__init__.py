"""The kit that every service of Maillage stands on. It knows no word of any domain."""
