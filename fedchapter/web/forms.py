"""Reading forms: bounded, as plain text, with the files apart.

operations.md §3 rows B4 and D2. Line ends are normalised, since browsers send CRLF.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.types import Message, Receive

from ..errors import Refusal

FIELDS_MAX = 100
FILES_MAX = 4
FIELD_BYTES_MAX = 262_144
FILE_BYTES_MAX = 10 * 1024 * 1024
BODY_BYTES_MAX = FILES_MAX * FILE_BYTES_MAX + 1_048_576


@dataclass(frozen=True, slots=True)
class Upload:
    """A file somebody sent: its name for messages only, and its bytes."""

    filename: str
    data: bytes


@dataclass(frozen=True, slots=True)
class Form:
    """What a form said."""

    values: Mapping[str, str]
    many: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    files: Mapping[str, tuple[Upload, ...]] = field(default_factory=dict)

    def text(self, name: str, default: str = "") -> str:
        """A field without surrounding spaces."""
        return self.values.get(name, default).strip()

    def yes(self, name: str) -> bool:
        """Whether a checkbox was ticked."""
        return self.values.get(name, "") in ("yes", "on", "true", "1")


async def read_form(request: Request) -> Form:
    """The submitted form; raises Refusal when it is too large or malformed."""
    length = request.headers.get("content-length", "0")
    if not length.isdecimal() or int(length) > BODY_BYTES_MAX:
        raise too_large()
    # A sender of chunks says nothing of the length, and would be read to the end of the disk.
    counted = Request(request.scope, _counted(request.receive))
    try:
        data = await counted.form(max_files=FILES_MAX, max_fields=FIELDS_MAX, max_part_size=FIELD_BYTES_MAX)
    except HTTPException as error:
        raise Refusal("form", "The form could not be read: %(why)s", why=error.detail) from error
    many: dict[str, tuple[str, ...]] = {}
    files: dict[str, tuple[Upload, ...]] = {}
    for name, value in data.multi_items():
        if isinstance(value, UploadFile):
            files[name] = (*files.get(name, ()), *await _upload(value))
        else:
            text = value.replace("\r\n", "\n").replace("\x00", "")
            many[name] = (*many.get(name, ()), text)
    await data.close()
    return Form({name: values[-1] for name, values in many.items()}, many, files)


def too_large() -> Refusal:
    """More than any form of ours needs."""
    return Refusal("form-too-large", "This is more than one form can carry. Send fewer or smaller pictures.")


def _counted(receive: Receive) -> Receive:
    """The same, but raises Refusal once too much has arrived."""
    arrived_bytes = 0

    async def count() -> Message:
        nonlocal arrived_bytes
        message = await receive()
        arrived_bytes += len(message.get("body", b""))
        if arrived_bytes > BODY_BYTES_MAX:
            raise too_large()
        return message

    return count


async def _upload(value: UploadFile) -> tuple[Upload, ...]:
    content = await value.read(FILE_BYTES_MAX + 1)
    if len(content) > FILE_BYTES_MAX:
        raise Refusal("image-too-large", "%(file)s: a picture may have at most 10 MB.", file=value.filename)
    return (Upload(value.filename or "", content),) if content else ()
