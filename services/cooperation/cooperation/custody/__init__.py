"""Where sets, crates, instruments and parcels are: one place at a time, without a hole."""
