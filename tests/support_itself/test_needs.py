"""What a machine lacks is skipped with its reason, and never silently in CI."""

import pytest

from tests.support.needs import need


def test_what_is_there_is_given_back() -> None:
    assert need("program", "no program") == "program"


def test_what_is_missing_skips_with_its_reason(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CI", raising=False)
    with pytest.raises(pytest.skip.Exception, match="no program"):
        need(None, "no program")


def test_what_is_missing_fails_in_ci(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CI", "true")
    with pytest.raises(pytest.fail.Exception, match="no program"):
        need(None, "no program")
