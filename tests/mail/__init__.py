"""Tests of the room `mail`, and of what sends letters."""
