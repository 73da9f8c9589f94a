"""Comment."""
