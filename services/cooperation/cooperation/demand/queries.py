"""SQL of demand: operations, needs, allocations, how long stages take."""

LOCK_ALLOCATION_OF_RUN = "SELECT * FROM allocation WHERE run_id = $1 AND ended_at IS NULL FOR NO KEY UPDATE"
