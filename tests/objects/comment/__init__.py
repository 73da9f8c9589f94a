"""Tests of the object type `comment`."""
