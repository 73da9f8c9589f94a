"""The process that decodes: what it may not do, seen from inside it."""

import subprocess
import sys
from pathlib import Path

import pytest

from fedchapter.errors import Refusal
from fedchapter.media import Limits
from fedchapter.media import reencode as room
from tests.media.pictures import jpeg

_WORKER = Path(sys.modules[room.__module__].__file__ or "").with_name("worker.py")

_TRY = """
import sys
sys.path.insert(0, {folder!r})
import os, socket, worker
worker._load_all()
worker._give_up_powers(512 * 1024 * 1024, 10)
try:
    {attempt}
except (OSError, MemoryError) as error:
    print("stopped")
else:
    print("done")
"""


@pytest.mark.parametrize(
    "attempt",
    [
        "open('/etc/passwd').read()",
        "open('/tmp/fedchapter-escape', 'w').write('x')",
        "socket.socket()",
        "os.pipe()",
        "bytearray(600 * 1024 * 1024)",
    ],
)
def test_d2_the_worker_can_open_nothing_and_take_no_more_memory(attempt: str) -> None:
    script = _TRY.format(folder=str(_WORKER.parent), attempt=attempt)
    ended = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True, timeout=60
    )
    assert ended.stdout == "stopped\n"


def test_the_worker_sees_none_of_our_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    from fedchapter.media.reencode import _environment

    monkeypatch.setenv("FEDCHAPTER_DATABASE_URL", "postgres://secret")
    assert "secret" not in "".join(_environment().values())


def test_the_worker_draws_without_privileges_and_without_processes_of_its_own() -> None:
    # For root the limit on processes does not count, so the test would show nothing.
    script = f"""
import os, sys
sys.path.insert(0, {str(_WORKER.parent)!r})
import worker
worker._load_all()
if os.geteuid() == 0:
    os.setgroups([]); os.setgid(65534); os.setuid(65534)
sys.argv[1:] = ["2048", "640", str(512 * 1024 * 1024), "10"]
worker.main()
try:
    os.fork()
except BlockingIOError:
    sys.stdout.write("no fork")
"""
    ended = subprocess.run(
        [sys.executable, "-c", script], input=jpeg(), capture_output=True, check=True, timeout=60
    )
    assert b'"media_type": "image/jpeg"' in ended.stdout
    assert ended.stdout.endswith(b"no fork")


_CAPTURED = {
    "speaks without end": "while True: sys.stdout.write('x' * 65536)",
    "sends a page as a picture": (
        'sys.stdout.write(\'{"media_type":"image/jpeg","width":9,"height":9,'
        '"data_bytes":14,"thumbnail_bytes":6}\\n<script></html><html>\')'
    ),
    "says a size it may not have": 'sys.stdout.write(\'{"media_type":"image/jpeg","width":9999999,"height":9}\\n\')',
    "names a refusal that is none": 'sys.stdout.write(\'{"refused":"<script>"}\\n\')',
    "says nothing": "pass",
    "says what is no JSON": "sys.stdout.write('hello')",
}


@pytest.mark.parametrize("code", _CAPTURED.values(), ids=_CAPTURED.keys())
async def test_d2_a_captured_worker_is_believed_nothing(code: str, monkeypatch: pytest.MonkeyPatch) -> None:
    # The one thing put in the place of another: a worker that a hostile picture has taken over.
    module = sys.modules["fedchapter.media.reencode"]
    monkeypatch.setattr(module, "_command", lambda *_: [sys.executable, "-c", f"import sys\n{code}"])
    with pytest.raises(Refusal) as refused:
        await room(jpeg(), limits=Limits(timeout_s=2))
    assert refused.value.code == "image-failed"
