"""Tests of the command line, mostly with real processes."""
