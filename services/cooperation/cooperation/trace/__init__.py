"""The trace: what was done, to what, by whom, when. Rows of the service are this, folded."""
