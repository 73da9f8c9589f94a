"""Announcement."""
