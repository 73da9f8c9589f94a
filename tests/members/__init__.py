"""Local people: roles, joining, what they own."""
