"""Tests of lists of servers."""
