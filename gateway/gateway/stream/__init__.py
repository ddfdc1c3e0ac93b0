"""The live stream to screens."""
