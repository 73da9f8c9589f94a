"""Our own actors and the keys they sign with; each private key is parsed once and kept.

Parsing a private RSA key with its checks takes 28 ms (performance.md), so it happens once per process and actor.
wire.md §7.3: every actor has RSA-2048 for HTTP signatures and Ed25519 for proofs (FEP-521a).
"""

import asyncio
from dataclasses import dataclass

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

from ..signatures import (
    generate_ed25519,
    generate_rsa,
    multikey_encode,
    private_from_pem,
    private_to_pem,
    public_to_pem,
)
from ..store import Unit
from ..store.kinds import Reads

RSA_FRAGMENT = "#main-key"
ED25519_FRAGMENT = "#ed25519-key"


@dataclass(frozen=True, slots=True)
class SigningKeys:
    """Both key pairs of one of our actors. Private keys do not show in repr."""

    actor_uri: str
    rsa: RSAPrivateKey
    ed25519: Ed25519PrivateKey

    @property
    def rsa_id(self) -> str:
        """keyId of HTTP signatures."""
        return self.actor_uri + RSA_FRAGMENT

    @property
    def ed25519_id(self) -> str:
        """verificationMethod of proofs."""
        return self.actor_uri + ED25519_FRAGMENT

    @property
    def rsa_pem(self) -> str:
        """The public half, as PEM."""
        return public_to_pem(self.rsa.public_key())

    @property
    def multikey(self) -> str:
        """The public Ed25519 key as publicKeyMultibase."""
        return multikey_encode(self.ed25519.public_key())

    def __repr__(self) -> str:
        return f"SigningKeys({self.actor_uri!r})"


class Keyring:
    """The private keys of this instance's actors, loaded on first use."""

    def __init__(self, reads: Reads) -> None:
        self._reads = reads
        self._keys: dict[str, SigningKeys] = {}

    async def get(self, actor_uri: str, reads: Reads | None = None) -> SigningKeys:
        """The keys of one of our actors; KeyError for any other. Inside a unit pass it as `reads`."""
        if actor_uri not in self._keys:
            rows = await (reads or self._reads).rows(
                "SELECT kind, private FROM actor_key WHERE actor_uri = ? AND private <> ''", actor_uri
            )
            private = {row["kind"]: private_from_pem(row["private"]) for row in rows}
            rsa, ed25519 = private["rsa"], private["ed25519"]
            if not isinstance(rsa, RSAPrivateKey) or not isinstance(ed25519, Ed25519PrivateKey):
                raise KeyError(actor_uri)
            self._keys[actor_uri] = SigningKeys(actor_uri, rsa, ed25519)
        return self._keys[actor_uri]


async def make_keys(actor_uri: str) -> SigningKeys:
    """A fresh pair of pairs; RSA is made in a thread, since it holds the loop up for 30 to 300 ms."""
    return SigningKeys(actor_uri, await asyncio.to_thread(generate_rsa), generate_ed25519())


async def create_actor(
    unit: Unit,
    keys: SigningKeys,
    *,
    type_: str,
    username: str,
    name: str,
    summary: str = "",
    approves_followers: bool = False,
) -> bool:
    """One of our own actors exists with its keys; False when it did already, and nothing was changed."""
    uri, origin = keys.actor_uri, unit.settings.origin
    changed = await unit.execute(
        "INSERT INTO actor (id, uri, type, username, host, name, summary, url, icon, inbox, shared_inbox, outbox, "
        "followers, featured, local, approves_followers, state, moved_to, also_known_as, published_at, first_seen_at, "
        "fetched_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, '', ?, ?, ?, ?, ?, ?, ?, 'active', '', '', ?, ?, ?) "
        "ON CONFLICT (uri) DO NOTHING",
        unit.new_id(),
        uri,
        type_,
        username,
        unit.settings.domain,
        name,
        summary,
        uri,
        f"{uri}/inbox",
        f"{origin}/inbox",
        f"{uri}/outbox",
        f"{uri}/followers",
        f"{uri}/featured",
        True,
        approves_followers,
        unit.now,
        unit.now,
        unit.now,
    )
    if changed:
        await _store_keys(unit, keys)
    return changed > 0


async def _store_keys(unit: Unit, keys: SigningKeys) -> None:
    pairs = (
        (keys.rsa_id, "rsa", keys.rsa_pem, private_to_pem(keys.rsa)),
        (keys.ed25519_id, "ed25519", public_to_pem(keys.ed25519.public_key()), private_to_pem(keys.ed25519)),
    )
    for key_uri, kind, public, private in pairs:
        await unit.execute(
            "INSERT INTO actor_key (uri, actor_uri, kind, public, private, fetched_at) VALUES (?, ?, ?, ?, ?, ?)",
            key_uri,
            keys.actor_uri,
            kind,
            public,
            private,
            unit.now,
        )
