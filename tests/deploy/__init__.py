"""Tests of the files that a chapter is run with."""
