"""Keys in and out of their written forms, tolerant of layout and of nothing else."""

import pytest
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1
from cryptography.hazmat.primitives.asymmetric.ec import generate_private_key as generate_ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.rsa import (
    RSAPrivateKey,
    RSAPublicKey,
    RSAPublicNumbers,
    generate_private_key,
)
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)
from hypothesis import given
from hypothesis import strategies as st

from fedchapter.signatures import (
    KeyFormatError,
    PublicKey,
    generate_ed25519,
    generate_rsa,
    multikey_decode,
    multikey_encode,
    private_from_pem,
    private_to_pem,
    public_from_pem,
    public_to_pem,
)
from fedchapter.signatures.keys import multibase_encode
from tests.signatures.made import ED25519, RSA

PUBLIC = RSA.public_key()
SPKI = public_to_pem(PUBLIC)
PKCS1 = PUBLIC.public_bytes(Encoding.PEM, PublicFormat.PKCS1).decode()
SMALL = generate_private_key(65537, 1024).public_key()
EC = generate_ec(SECP256R1())
SLOW = RSAPublicNumbers((1 << 64) + 13, PUBLIC.public_numbers().n).public_key()


def test_private_keys_survive_their_pem_form() -> None:
    rsa, ed25519 = generate_rsa(), generate_ed25519()
    assert rsa.key_size == 2048
    read_rsa, read_ed25519 = private_from_pem(private_to_pem(rsa)), private_from_pem(private_to_pem(ed25519))
    assert isinstance(read_rsa, RSAPrivateKey)
    assert isinstance(read_ed25519, Ed25519PrivateKey)
    assert read_rsa.private_numbers() == rsa.private_numbers()
    assert read_ed25519.private_bytes_raw() == ed25519.private_bytes_raw()


def test_a_private_key_of_another_kind_is_refused() -> None:
    pem = EC.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
    with pytest.raises(ValueError, match="neither"):
        private_from_pem(pem)


@pytest.mark.parametrize("key", [PUBLIC, ED25519.public_key()], ids=["rsa", "ed25519"])
def test_public_keys_survive_both_of_their_forms(key: PublicKey) -> None:
    assert public_from_pem(public_to_pem(key)) == key
    assert multikey_decode(multikey_encode(key)) == key


def test_multikeys_begin_as_fep_521a_says() -> None:
    assert multikey_encode(ED25519.public_key()).startswith("z6Mk")
    assert multikey_encode(PUBLIC).startswith("z4MX")


@pytest.mark.parametrize(
    "pem",
    [
        SPKI,
        PKCS1,
        SPKI.strip(),
        f"\n\n  {PKCS1}\t",
        SPKI.replace("\n", "\r\n"),
        SPKI.replace("\n", " "),
        SPKI.replace("\n", "\n  "),
    ],
)
def test_both_pem_forms_are_read_however_their_lines_are_broken(pem: str) -> None:
    assert public_from_pem(pem) == PUBLIC


def strange(key: object) -> str:
    assert hasattr(key, "public_bytes")
    return str(key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode())


@pytest.mark.parametrize(
    "pem",
    [
        "",
        "key",
        SPKI[:-10],
        SPKI + SPKI,
        SPKI.replace("MII", "AAA"),
        SPKI.replace("=", "") if "=" in SPKI else SPKI.replace("A", ""),
        SPKI.replace("-----END", "é-----END"),
        private_to_pem(RSA),
        strange(SMALL),
        strange(SLOW),
        strange(EC.public_key()),
        SPKI.replace("\n-----END", "A" * 5000 + "\n-----END"),
    ],
    ids=range(12),
)
def test_what_is_no_key_or_a_weak_one_is_refused(pem: str) -> None:
    with pytest.raises(KeyFormatError):
        public_from_pem(pem)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "z",
        "z0",
        "m" + multikey_encode(PUBLIC)[1:],
        multikey_encode(PUBLIC)[:-1],
        multikey_encode(ED25519.public_key())[:-1],
        multikey_encode(ED25519.public_key()) + "\n",
        multibase_encode(b"\x80\x24" + bytes(33)),
        multibase_encode(b"\x85\x24" + SMALL.public_bytes(Encoding.DER, PublicFormat.PKCS1)),
        "z" + "1" * 100_000,
    ],
    ids=range(10),
)
def test_a_multikey_of_another_kind_or_base_is_refused(text: str) -> None:
    with pytest.raises(KeyFormatError):
        multikey_decode(text)


@given(st.text() | st.text(alphabet="zABC123ml"))
def test_no_text_makes_the_readers_of_keys_fail_otherwise(text: str) -> None:
    for read in (public_from_pem, multikey_decode):
        for given_text in (text, "z" + text, f"-----BEGIN PUBLIC KEY-----{text}-----END PUBLIC KEY-----"):
            try:
                read(given_text)
            except KeyFormatError as error:
                assert error.code == "bad-key"


def test_an_rsa_key_that_was_read_is_an_rsa_key() -> None:
    assert isinstance(public_from_pem(SPKI), RSAPublicKey)
