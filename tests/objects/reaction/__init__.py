"""Tests of the object type `reaction`."""
