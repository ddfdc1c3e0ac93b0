"""Labels of packs: SVG, PDF, ZPL."""
