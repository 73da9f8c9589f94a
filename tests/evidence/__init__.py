"""Tests of the signed statements about votes."""
