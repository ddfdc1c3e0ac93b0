"""Working time of territorial staff: its rules, overrides that stay visible, hours against contract."""
