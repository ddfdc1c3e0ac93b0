"""The agenda as a desk sees it: what is open, who comes, what is held, in one reading."""
