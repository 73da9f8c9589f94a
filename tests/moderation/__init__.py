"""Tests of the room `moderation`."""
