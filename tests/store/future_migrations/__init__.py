"""Migrations as a later version may have them, to be tried on tables with rows."""
