"""Reports over calls, waits and agents."""
