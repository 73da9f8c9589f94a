"""Sister."""
