"""Resident memory of an idle `fedchapter serve`, and with a large backlog waiting."""

import os
import subprocess
import sys
import time
from pathlib import Path

from tests.bench.peers import free_ports, wait_for
from tests.bench.report import Report

IDLE_MAX_MB = 100


def measure(folder: Path, report: Report) -> None:
    """A real server process, looked at after a few requests."""
    [port] = free_ports(1)
    environment = os.environ | {"FEDCHAPTER_LISTEN_PORT": str(port)}
    program = [sys.executable, "-m", "fedchapter"]
    init = [*program, "init", "--domain", f"localhost:{port}", "--name", "Bench", "--data", str(folder)]
    subprocess.run(init, check=True, env=environment, stdout=subprocess.DEVNULL)
    serve = [*program, "serve", "--config", str(folder / "fedchapter.toml")]
    server = subprocess.Popen(serve, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        wait_for(port)
        time.sleep(3)
        resident_mb = _resident_mb(server.pid)
    finally:
        server.terminate()
        server.wait(20)
    report.figure("idle serve, resident", resident_mb, "MB")
    report.at_most("idle serve, of 100 MB", resident_mb / IDLE_MAX_MB, 1.0)


def _resident_mb(pid: int) -> float:
    lines = Path(f"/proc/{pid}/status").read_text(encoding="utf-8").splitlines()
    [resident] = [line for line in lines if line.startswith("VmRSS")]
    return int(resident.split()[1]) / 1024
