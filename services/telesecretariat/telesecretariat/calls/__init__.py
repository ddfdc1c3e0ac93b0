"""What calls led to. Calls themselves come with the line."""
