"""The files under deploy/ say what operations need: a walled-in service, a proxy that keeps signatures whole.

Read with small parsers of our own; where systemd-analyze is at hand it judges the units too.
"""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from fedchapter.settings import SETTINGS, variable_for

DEPLOY = Path(__file__).resolve().parents[2] / "deploy"
UNITS = ("fedchapter.service", "fedchapter-worker.service")
# The union of the units of GoToSocial and Miniflux (operations §2.2), and what they left open.
WALLS = {
    "NoNewPrivileges": "yes",
    "ProtectSystem": "strict",
    "ProtectHome": "yes",
    "PrivateTmp": "yes",
    "PrivateDevices": "yes",
    "PrivateUsers": "yes",
    "DevicePolicy": "closed",
    "ProtectProc": "invisible",
    "ProtectHostname": "yes",
    "ProtectClock": "yes",
    "ProtectKernelTunables": "yes",
    "ProtectKernelModules": "yes",
    "ProtectKernelLogs": "yes",
    "ProtectControlGroups": "yes",
    "RestrictNamespaces": "yes",
    "RestrictRealtime": "yes",
    "RestrictSUIDSGID": "yes",
    "LockPersonality": "yes",
    "MemoryDenyWriteExecute": "yes",
    "RemoveIPC": "yes",
    "CapabilityBoundingSet": "",
    "AmbientCapabilities": "",
    "SystemCallArchitectures": "native",
    "RestrictAddressFamilies": "AF_INET AF_INET6 AF_UNIX",
    "UMask": "0077",
    "StateDirectory": "fedchapter",
    "StateDirectoryMode": "0700",
    "LimitCORE": "0",
}


def lines_of(name: str) -> list[str]:
    """The lines of a file without comments and blank ones, indentation kept."""
    lines = (DEPLOY / name).read_text(encoding="utf-8").splitlines()
    return [line.rstrip() for line in lines if line.strip() and not line.lstrip().startswith("#")]


def read_unit(name: str) -> dict[str, list[str]]:
    """Every key of the unit with all its values, in order; sections are joined, as no key stands in two."""
    found: dict[str, list[str]] = {}
    for line in lines_of(name):
        key, is_pair, value = line.partition("=")
        if is_pair:
            found.setdefault(key, []).append(value)
    return found


def read_yaml(name: str) -> dict[str, str | None]:
    """The subset that compose.yaml keeps to: every scalar under its path, list items numbered."""
    found: dict[str, str | None] = {}
    path: list[tuple[int, str]] = []
    for line in lines_of(name):
        depth, text = len(line) - len(line.lstrip()), line.strip()
        is_item = text.startswith("- ")
        assert depth % 2 == 0, f"{line!r} is indented by an odd number"
        assert "\t" not in line
        while path and path[-1][0] >= depth:
            path.pop()
        parent = "/".join(key for _, key in path)
        if is_item:
            number = sum(1 for known in found if re.fullmatch(re.escape(parent) + r"/\d+", known))
            found[f"{parent}/{number}"] = text[2:].strip('"')
            continue
        key, colon, value = text.partition(":")
        assert colon, f"{line!r} is neither a key nor an item"
        path.append((depth, key))
        whole = "/".join(key for _, key in path)
        assert whole not in found, f"{whole} stands there twice"
        found[whole] = value.strip().strip('"') or None
    return found


def items(found: dict[str, str | None], parent: str) -> list[str | None]:
    return [value for key, value in found.items() if re.fullmatch(re.escape(parent) + r"/\d+", key)]


@pytest.mark.parametrize("unit", UNITS)
def test_the_service_is_walled_in(unit: str) -> None:
    keys = read_unit(unit)
    assert {key: keys.get(key) for key in WALLS} == {key: [value] for key, value in WALLS.items()}
    assert keys["SystemCallFilter"] == ["@system-service", "~@privileged"]


@pytest.mark.parametrize("unit", UNITS)
def test_a_stuck_service_is_noticed_and_started_again(unit: str) -> None:
    keys = read_unit(unit)
    assert keys["Type"] == ["notify"]
    assert keys["WatchdogSec"] == ["60"]
    assert keys["Restart"] == ["on-failure"]


@pytest.mark.parametrize("unit", UNITS)
def test_a_service_leaves_memory_to_the_machine_and_survives_a_lost_child(unit: str) -> None:
    keys = read_unit(unit)
    assert keys["MemoryMax"] == ["400M"]
    assert keys["OOMPolicy"] == ["continue"]


def test_server_and_worker_have_the_same_walls() -> None:
    server, worker = (read_unit(unit) for unit in UNITS)
    differing = {key for key in server.keys() | worker.keys() if server.get(key) != worker.get(key)}
    assert differing == {"Description", "After", "ExecStart", "TimeoutStartSec"}


@pytest.mark.parametrize("unit", UNITS)
@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="systemd-analyze is not installed")
def test_systemd_finds_the_service_little_exposed(unit: str) -> None:
    command = [
        "systemd-analyze",
        "security",
        "--offline=true",
        "--threshold=20",
        "--no-pager",
        str(DEPLOY / unit),
    ]
    judged = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert judged.returncode == 0, judged.stdout[-400:] + judged.stderr


@pytest.mark.parametrize("unit", UNITS)
@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="systemd-analyze is not installed")
def test_systemd_understands_every_line_of_the_unit(unit: str, tmp_path: Path) -> None:
    # The program is not installed where the unit looks for it, which is not what is asked here.
    text = re.sub(r"(?m)^ExecStart=.*$", "ExecStart=/bin/true", (DEPLOY / unit).read_text(encoding="utf-8"))
    copied = tmp_path / unit
    copied.write_text(text, encoding="utf-8")
    drop_ins = tmp_path / f"{unit}.d"
    drop_ins.mkdir()
    shutil.copy(DEPLOY / "private-networks.conf", drop_ins)
    command = ["systemd-analyze", "verify", str(copied)]
    judged = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert (judged.returncode, judged.stderr) == (0, "")


def test_the_image_runs_as_nobody_in_particular_from_hashed_wheels() -> None:
    text = "\n".join(lines_of("Dockerfile"))
    users = re.findall(r"^USER (.+)$", text, re.MULTILINE)
    assert users == ["10001:10001"]
    assert text.index("USER 10001") < text.index("ENTRYPOINT")
    assert len(re.findall(r"^FROM ", text, re.MULTILINE)) == 2
    assert re.findall(r"^VOLUME (.+)$", text, re.MULTILINE) == ["/data"]
    installs = re.findall(r"pip install (.+)$", text, re.MULTILINE)
    assert installs == [
        "--require-hashes --only-binary :all: -r /src/deploy/requirements.lock",
        "--no-deps --no-index --no-build-isolation /src",
    ]


def test_the_builder_is_sent_what_the_image_is_built_from_and_nothing_else() -> None:
    allowed = {line[1:] for line in lines_of("Dockerfile.dockerignore") if line.startswith("!")}
    copied = {
        source
        for line in lines_of("Dockerfile")
        if line.startswith("COPY ") and "--from" not in line
        for source in line.split()[1:-1]
    }
    assert copied == allowed
    assert lines_of("Dockerfile.dockerignore")[0] == "*"


def test_both_containers_have_a_read_only_root_and_no_privileges() -> None:
    compose = read_yaml("compose.yaml")
    for service in ("fedchapter", "caddy"):
        at = f"services/{service}"
        assert compose[f"{at}/read_only"] == "true"
        assert items(compose, f"{at}/cap_drop") == ["ALL"]
        assert items(compose, f"{at}/security_opt") == ["no-new-privileges:true"]
        assert compose[f"{at}/mem_limit"] is not None
    assert items(compose, "services/caddy/cap_add") == ["NET_BIND_SERVICE"]
    assert items(compose, "services/fedchapter/volumes") == ["data:/data"]


def test_only_the_proxy_is_reachable_and_only_its_word_is_taken() -> None:
    compose = read_yaml("compose.yaml")
    assert items(compose, "services/fedchapter/ports") == []
    proxy = compose["services/caddy/networks/inside/ipv4_address"]
    assert compose["services/fedchapter/environment/FEDCHAPTER_TRUSTED_PROXIES"] == f"{proxy}/32"
    assert "./Caddyfile:/etc/caddy/Caddyfile:ro" in items(compose, "services/caddy/volumes")


def test_every_variable_that_the_server_is_given_is_a_setting() -> None:
    known = {variable_for(setting.name) for setting in SETTINGS}
    compose = read_yaml("compose.yaml")
    given = {key.rpartition("/")[2] for key in compose if key.startswith("services/fedchapter/environment/")}
    for name in ("Dockerfile", *UNITS):
        given |= set(re.findall(r"FEDCHAPTER_[A-Z_]+", (DEPLOY / name).read_text(encoding="utf-8")))
    assert given
    assert given <= known


@pytest.mark.parametrize("proxy", ["Caddyfile", "nginx.conf"])
def test_the_proxy_configuration_closes_every_bracket_and_keeps_metrics_inside(proxy: str) -> None:
    text = re.sub(r"\{\$[^}]*\}", "", "\n".join(lines_of(proxy)))
    depth = 0
    for character in text:
        depth += {"{": 1, "}": -1}.get(character, 0)
        assert depth >= 0
    assert depth == 0
    assert "/metrics" in text
    assert "32m" in text.lower()


def test_nginx_passes_host_and_path_as_they_were_sent() -> None:
    lines = [line.strip() for line in lines_of("nginx.conf")]
    # A path or a slash after the name would make nginx rebuild the path that signatures cover.
    assert [line for line in lines if line.startswith("proxy_pass")] == ["proxy_pass http://fedchapter;"]
    for header in ("Host $http_host", "X-Forwarded-For $remote_addr", "X-Forwarded-Proto $scheme"):
        assert f"proxy_set_header {header};" in lines
    assert not [
        line for line in lines if "$proxy_add_x_forwarded_for" in line or line.startswith("proxy_cache")
    ]
