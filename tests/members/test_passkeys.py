"""Passkeys, against a key of our own making: what is accepted, and what must not be (WebAuthn §7.1, §7.2)."""

import base64
import hashlib
from datetime import timedelta
from typing import Any

import msgspec
import pytest
from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, SECP256R1, SECP384R1, generate_private_key
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key as generate_rsa
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from fedchapter.members.passkeys import NEW, USE, NotThisKey, add_passkey, check_passkey
from fedchapter.members.tickets import issue
from tests.site.people import member
from tests.support.network import Chapter, World

ID = b"credential-id-of-32-bytes-exactly"


def text(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


class Key:
    """An authenticator with one key."""

    def __init__(self, key: Any = None) -> None:
        self.key = key or generate_private_key(SECP256R1())
        self.counter = 0

    def data(self, flags: int, rp_id: str = "riverside.test", tail: bytes = b"") -> bytes:
        self.counter += 1
        return hashlib.sha256(rp_id.encode()).digest() + bytes([flags]) + self.counter.to_bytes(4) + tail

    def make(
        self, challenge: str, *, flags: int = 0x41, rp_id: str = "riverside.test", **client: Any
    ) -> dict[str, str]:
        """What a browser hands over when a passkey is made."""
        tail = bytes(16) + len(ID).to_bytes(2) + ID + b"COSE key, which nobody reads"
        return {
            "client": text(client_json("webauthn.create", challenge, **client)),
            "authenticator": text(self.data(flags, rp_id, tail)),
            "key": text(self.key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)),
            "challenge": challenge,
        }

    def sign(
        self, challenge: str, *, flags: int = 0x01, rp_id: str = "riverside.test", **client: Any
    ) -> dict[str, str]:
        """What a browser hands over when it is used."""
        said, data = client_json("webauthn.get", challenge, **client), self.data(flags, rp_id)
        return {
            "client": text(said),
            "authenticator": text(data),
            "signature": text(self._signature(data + hashlib.sha256(said).digest())),
            "credential": text(ID),
            "challenge": challenge,
        }

    def _signature(self, signed: bytes) -> bytes:
        if isinstance(self.key, Ed25519PrivateKey):
            return self.key.sign(signed)
        if hasattr(self.key, "curve"):
            return bytes(self.key.sign(signed, ECDSA(SHA256())))
        return bytes(self.key.sign(signed, PKCS1v15(), SHA256()))


def client_json(kind: str, challenge: str, **changes: Any) -> bytes:
    said = {"type": kind, "challenge": challenge, "origin": "https://riverside.test", "crossOrigin": False}
    return msgspec.json.encode(said | changes)


async def challenge(chapter: Chapter, purpose: str, account_id: str) -> str:
    return await chapter.unit(
        lambda unit: issue(unit, purpose, {}, lasts=timedelta(minutes=10), account_id=account_id)
    )


async def with_passkey(world: World, key: Key) -> tuple[Chapter, str]:
    """A chapter, and a member who has that passkey."""
    chapter = await world.chapter()
    ana = (await member(chapter)).id
    sent = key.make(await challenge(chapter, NEW, ana))
    await chapter.unit(lambda unit: add_passkey(unit, ana, label="My key", sent=sent))
    return chapter, ana


async def use(chapter: Chapter, account_id: str, sent: dict[str, str]) -> None:
    await chapter.unit(lambda unit: check_passkey(unit, account_id, sent))


@pytest.mark.parametrize("kind", ["ec", "ed25519", "rsa"])
async def test_a_passkey_of_each_usual_kind_signs(each_world: World, kind: str) -> None:
    made = {
        "ec": lambda: None,
        "ed25519": Ed25519PrivateKey.generate,
        "rsa": lambda: generate_rsa(65537, 2048),
    }
    key = Key(made[kind]())
    chapter, ana = await with_passkey(each_world, key)
    for _ in range(2):
        await use(chapter, ana, key.sign(await challenge(chapter, USE, ana)))
    [row] = await chapter.rows("SELECT label, counter FROM authenticator")
    assert row == {"label": "My key", "counter": 3}


WRONG: tuple[dict[str, Any], ...] = (
    {"origin": "https://evil.test"},
    {"origin": "http://riverside.test"},
    {"type": "webauthn.create"},
    {"crossOrigin": True},
    {"rp_id": "evil.test"},
    {"flags": 0x00},
)


async def test_an_answer_for_another_site_ceremony_or_challenge_is_refused(world: World) -> None:
    key = Key()
    chapter, ana = await with_passkey(world, key)
    for wrong in WRONG:
        with pytest.raises(NotThisKey):
            await use(chapter, ana, key.sign(await challenge(chapter, USE, ana), **wrong))
    for told in ("another", 7, None):
        asked = await challenge(chapter, USE, ana)
        said = msgspec.json.decode(client_json("webauthn.get", asked)) | {"challenge": told}
        with pytest.raises(NotThisKey):
            await use(chapter, ana, key.sign(asked) | {"client": text(msgspec.json.encode(said))})
    await use(chapter, ana, key.sign(await challenge(chapter, USE, ana)))


async def test_a_challenge_is_good_once_for_ten_minutes_and_for_one_account(world: World) -> None:
    key = Key()
    chapter, ana = await with_passkey(world, key)
    bea = (await member(chapter, "Bea")).id
    once = await challenge(chapter, USE, ana)
    await use(chapter, ana, key.sign(once))
    late = await challenge(chapter, USE, ana)
    world.move(minutes=11)
    of_bea = await challenge(chapter, USE, bea)
    for sent, account in (
        (key.sign(once), ana),
        (key.sign(late), ana),
        (key.sign(of_bea), ana),
        (key.sign(of_bea), bea),
    ):
        with pytest.raises(NotThisKey):
            await use(chapter, account, sent)


async def test_a_copied_key_whose_count_does_not_grow_is_refused(world: World) -> None:
    key = Key()
    chapter, ana = await with_passkey(world, key)
    await use(chapter, ana, key.sign(await challenge(chapter, USE, ana)))
    key.counter = 0
    with pytest.raises(NotThisKey):
        await use(chapter, ana, key.sign(await challenge(chapter, USE, ana)))


async def test_another_key_s_signature_and_an_unknown_credential_are_refused(world: World) -> None:
    key, other = Key(), Key()
    chapter, ana = await with_passkey(world, key)
    other.counter = 9
    asked = await challenge(chapter, USE, ana)
    unknown = key.sign(asked) | {"credential": text(b"another")}
    for sent in (other.sign(await challenge(chapter, USE, ana)), unknown):
        with pytest.raises(NotThisKey):
            await use(chapter, ana, sent)


async def test_garbage_is_refused_and_breaks_nothing(world: World) -> None:
    key = Key()
    chapter, ana = await with_passkey(world, key)
    for part in ("client", "authenticator", "signature", "credential", "challenge"):
        for value in ("", "not base64 at all!", "e30", "A" * 9000, "bnVsbA"):
            sent = key.sign(await challenge(chapter, USE, ana)) | {part: value}
            with pytest.raises(NotThisKey):
                await use(chapter, ana, sent)


@pytest.mark.parametrize("weak", [generate_private_key(SECP384R1()), generate_rsa(65537, 1024)])
async def test_a_key_that_was_not_asked_for_is_not_kept(world: World, weak: Any) -> None:
    chapter = await world.chapter()
    ana = (await member(chapter)).id
    for sent in (
        Key(weak).make(await challenge(chapter, NEW, ana)),
        Key().make(await challenge(chapter, NEW, ana), flags=0x01),
        Key().make(await challenge(chapter, NEW, ana)) | {"key": "AAAA"},
        Key().make(await challenge(chapter, NEW, ana), origin="https://evil.test"),
    ):
        with pytest.raises(NotThisKey):
            await chapter.unit(lambda unit, sent=sent: add_passkey(unit, ana, label="x", sent=sent))
    assert await chapter.count("authenticator") == 0
