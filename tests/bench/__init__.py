"""Benchmarks of the hot paths, each compared with a limit measured in the same run: `python -m tests.bench`.

Absolute figures say what this machine does today; only the ratios decide the exit code. Run on a quiet machine.
"""
