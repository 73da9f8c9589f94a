"""Documents are compared with the code."""
