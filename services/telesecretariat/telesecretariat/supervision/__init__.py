"""What a supervisor does on the floor."""
