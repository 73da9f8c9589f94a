"""Reading forms: bounded, as plain text, with the files apart.

operations.md §3 rows B4 and D2. Line ends are normalised, since browsers send CRLF.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException
from starlette.requests import Request

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
    if not length.isdigit() or int(length) > BODY_BYTES_MAX:
        raise Refusal(
            "form-too-large", "This is more than one form can carry. Send fewer or smaller pictures."
        )
    try:
        data = await request.form(max_files=FILES_MAX, max_fields=FIELDS_MAX, max_part_size=FIELD_BYTES_MAX)
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


async def _upload(value: UploadFile) -> tuple[Upload, ...]:
    content = await value.read(FILE_BYTES_MAX + 1)
    if len(content) > FILE_BYTES_MAX:
        raise Refusal("image-too-large", "%(file)s: a picture may have at most 10 MB.", file=value.filename)
    return (Upload(value.filename or "", content),) if content else ()
