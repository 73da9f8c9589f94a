"""Tests of proposals and votes."""
