"""Two files of one person: pairs found by night, merges, their undoing."""
