"""What carries and what is carried beside instruments: vehicles, compartments, crates, roads, flows, items."""
