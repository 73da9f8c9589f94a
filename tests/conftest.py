"""Gives every test the fixtures of tests/support, and settles the order in which tests begin."""

import gc

import pytest

pytest_plugins = [
    "tests.support.databases",
    "tests.support.worlds",
    "tests.support.browser",
    "tests.support.fedify",
]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Those marked `long` come first; the others keep their order."""
    items.sort(key=lambda item: item.get_closest_marker("long") is None)


def pytest_collection_finish() -> None:
    """What is there before the first test stays: the collector need not look at it again and again."""
    gc.collect()
    gc.freeze()
