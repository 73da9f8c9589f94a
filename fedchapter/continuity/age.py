"""Files encrypted with a passphrase, in the format of the age tool: streamed, in bounded memory.

age-encryption.org/v1 (C2SP): scrypt recipient, HMAC over the header, ChaCha20-Poly1305 chunks of 64 KiB with a counter
and a flag on the last one (the STREAM construction), so a chunk that is changed, moved, missing or cut off is found.
A published format and not our own: `age -d` opens these files on a machine that has never seen fedchapter.
"""

import base64
import hashlib
import hmac
import os
import re
from typing import IO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from ..errors import Refusal

CHUNK = 65_536
TAG = 16
# 2^16 takes 64 MiB: the server's unit may use 400 MB, and our passphrases are long ones.
WORK = 16
WORK_MAX = 20
_VERSION = b"age-encryption.org/v1"
_LABEL = b"age-encryption.org/v1/scrypt"
_STANZA = re.compile(rb"-> scrypt ([A-Za-z0-9+/]{22}) ([1-9][0-9]?)")
_LINE_MAX = 200


def damaged() -> Refusal:
    """What is raised for a file that is not as it was written."""
    return Refusal(
        "backup-damaged",
        "This backup is damaged: it is not as it was written. Use another one, or another copy of it.",
    )


def _no_backup() -> Refusal:
    return Refusal("no-backup", "This is not a backup of a chapter (a file made by `fedchapter backup`).")


class Sealed:
    """Writes an encrypted file; `close` makes it whole, and leaves the file underneath open."""

    def __init__(self, file: IO[bytes], passphrase: str) -> None:
        self._file = file
        key = os.urandom(16)
        file.write(_header(key, passphrase))
        nonce = os.urandom(16)
        file.write(nonce)
        self._cipher = ChaCha20Poly1305(_derive(key, nonce, b"payload"))
        self._waiting = bytearray()
        self._count = 0
        self._given_up = False

    def write(self, data: bytes) -> int:
        """The bytes are part of the file."""
        if self._given_up:
            return len(data)
        self._waiting += data
        # Strictly more than a chunk: the last one, even a full one, is written by close.
        while len(self._waiting) > CHUNK:
            self._put(bytes(self._waiting[:CHUNK]), last=False)
            del self._waiting[:CHUNK]
        return len(data)

    def close(self) -> None:
        """The last chunk is written, and says that it is the last."""
        self._put(bytes(self._waiting), last=True)

    def abandon(self) -> None:
        """Nothing is written any more, whoever above still tries to."""
        self._given_up = True

    def _put(self, chunk: bytes, *, last: bool) -> None:
        self._file.write(self._cipher.encrypt(_nonce(self._count, last), chunk, None))
        self._count += 1


class Opened:
    """Reads an encrypted file; raises Refusal `passphrase`, `no-backup` or `backup-damaged`."""

    def __init__(self, file: IO[bytes], passphrase: str) -> None:
        self._file = file
        key = _read_header(file, passphrase)
        nonce = _exactly(file, 16)
        self._cipher = ChaCha20Poly1305(_derive(key, nonce, b"payload"))
        self._plain = b""
        self._ahead = file.read(CHUNK + TAG)
        self._count = 0
        self._ended = False

    def read(self, size: int) -> bytes:
        """Up to `size` bytes, fewer only at the end."""
        while len(self._plain) < size and not self._ended:
            self._plain += self._next()
        given, self._plain = self._plain[:size], self._plain[size:]
        return given

    def _next(self) -> bytes:
        sealed, self._ahead = self._ahead, self._file.read(CHUNK + TAG)
        self._ended = not self._ahead
        try:
            chunk = self._cipher.decrypt(_nonce(self._count, self._ended), sealed, None)
        except InvalidTag:
            raise damaged() from None
        self._count += 1
        return chunk


def _nonce(count: int, last: bool) -> bytes:
    return count.to_bytes(11, "big") + (b"\x01" if last else b"\x00")


def _derive(key: bytes, salt: bytes | None, info: bytes) -> bytes:
    return HKDF(algorithm=SHA256(), length=32, salt=salt, info=info).derive(key)


def _wrapping_key(passphrase: str, salt: bytes, work: int) -> bytes:
    return hashlib.scrypt(
        passphrase.encode(), salt=_LABEL + salt, n=1 << work, r=8, p=1, maxmem=(1 << work) * 1100, dklen=32
    )


def _header(key: bytes, passphrase: str) -> bytes:
    salt = os.urandom(16)
    cipher = ChaCha20Poly1305(_wrapping_key(passphrase, salt, WORK))
    body = cipher.encrypt(bytes(12), key, None)
    lines = (_VERSION, b"-> scrypt %b %d" % (_encode(salt), WORK), _encode(body), b"---")
    start = b"\n".join(lines)
    return start + b" " + _encode(_mac(key, start)) + b"\n"


def _read_header(file: IO[bytes], passphrase: str) -> bytes:
    """The file's key."""
    version, stanza, body, end = (_line(file) for _ in range(4))
    found = _STANZA.fullmatch(stanza)
    if version != _VERSION or found is None or not end.startswith(b"--- "):
        raise _no_backup()
    work = int(found[2])
    if work > WORK_MAX:
        raise _no_backup()
    cipher = ChaCha20Poly1305(_wrapping_key(passphrase, _decode(found[1]), work))
    try:
        key = cipher.decrypt(bytes(12), _decode(body), None)
    except InvalidTag:
        raise Refusal(
            "passphrase",
            "This passphrase does not open the backup. It stands in the recovery kit; or the file is damaged.",
        ) from None
    start = b"\n".join((version, stanza, body, b"---"))
    if not hmac.compare_digest(_mac(key, start), _decode(end[4:])):
        raise damaged()
    return key


def _line(file: IO[bytes]) -> bytes:
    line = file.readline(_LINE_MAX)
    if not line.endswith(b"\n"):
        raise _no_backup()
    return line[:-1]


def _exactly(file: IO[bytes], size: int) -> bytes:
    data = file.read(size)
    if len(data) != size:
        raise damaged()
    return data


def _mac(key: bytes, start: bytes) -> bytes:
    return hmac.digest(_derive(key, None, b"header"), start, "sha256")


def _encode(data: bytes) -> bytes:
    return base64.b64encode(data).rstrip(b"=")


def _decode(text: bytes) -> bytes:
    try:
        return base64.b64decode(text + b"=" * (-len(text) % 4), validate=True)
    except ValueError:
        raise _no_backup() from None
