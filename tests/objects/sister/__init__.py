"""Tests of chapters that vouch for each other."""
