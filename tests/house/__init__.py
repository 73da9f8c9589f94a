"""The house rules (style, names, secrets, security rows), checked over the source."""
