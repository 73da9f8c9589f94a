"""Tests of signing in with an account elsewhere, against a small server of our own that answers like the real ones."""
