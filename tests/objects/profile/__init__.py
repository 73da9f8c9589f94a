"""Tests of actors that change, leave and move."""
