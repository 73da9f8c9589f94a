"""Tests of the room `vocab`."""
