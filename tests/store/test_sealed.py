"""What is sealed is read by whoever has the secret, for that purpose, and by nobody else."""

import pytest

from fedchapter.store.sealed import seal, unseal

SECRET = b"the instance's secret"


def test_what_is_sealed_is_read_again_and_never_twice_the_same() -> None:
    one, other = seal(SECRET, "totp", "Grüße"), seal(SECRET, "totp", "Grüße")
    assert one != other
    assert unseal(SECRET, "totp", one) == unseal(SECRET, "totp", other) == "Grüße"
    assert "Gr" not in one


@pytest.mark.parametrize(
    ("secret", "purpose", "change"),
    [
        (b"another", "totp", ""),
        (SECRET, "oauth-app", ""),
        (SECRET, "totp", "x"),
        (SECRET, "totp", "cut"),
        (SECRET, "totp", "no"),
    ],
)
def test_another_secret_purpose_or_text_reads_nothing(secret: bytes, purpose: str, change: str) -> None:
    sealed = seal(SECRET, "totp", "key")
    changed = {"": sealed, "x": "x" + sealed[1:], "cut": sealed[:8], "no": "%%%"}[change]
    assert changed == sealed or change
    if change == "x" and sealed[0] == "x":
        changed = "y" + sealed[1:]
    assert unseal(secret, purpose, changed) is None
