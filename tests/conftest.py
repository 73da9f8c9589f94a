"""Gives every test the fixtures of tests/support."""

pytest_plugins = [
    "tests.support.databases",
    "tests.support.worlds",
    "tests.support.browser",
    "tests.support.fedify",
]
