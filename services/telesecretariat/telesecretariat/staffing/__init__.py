"""How many agents are needed, and what a number gives."""
