"""Tests of public handles and what members do under them."""
