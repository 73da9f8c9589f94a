"""Skips a test that this machine cannot run, and fails it where skipping would hide something (CI=true)."""

import os
from typing import TypeVar

import pytest

T = TypeVar("T")


def need(found: T | None, reason: str) -> T:
    """Gives `found` back; where it is None the test is skipped with the reason, or failed with CI=true."""
    if found is not None:
        return found
    if os.environ.get("CI") == "true":
        pytest.fail(f"{reason} (with CI=true nothing may be skipped)", pytrace=False)
    pytest.skip(reason)
