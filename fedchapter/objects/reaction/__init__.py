"""Reaction."""
