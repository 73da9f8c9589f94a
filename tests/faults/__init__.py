"""Faults: what is lost, doubled, mixed up or killed on the way must not be seen at the end."""
