"""Tests of what is said between the chapter and one other."""
