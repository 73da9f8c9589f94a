"""An installed wheel, outside the checkout, serves pages, static files and templates."""

import subprocess
import sys
import sysconfig
import venv
from pathlib import Path

import httpx
import pytest

from fedchapter.words import LANGUAGES
from tests.support.processes import command, environment, free_ports, running

CHECKOUT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The `fedchapter` program of a fresh environment that has only the wheel of its own.

    Needs no network: what fedchapter imports is lent from this environment, by a .pth file.
    """
    folder = tmp_path_factory.mktemp("wheel")
    build = ["wheel", "--no-deps", "--no-build-isolation", "--no-index", "--wheel-dir", folder, CHECKOUT]
    _run([sys.executable, "-m", "pip", *build], folder)
    wheel = next(folder.glob("fedchapter-*.whl"))
    venv.create(folder / "venv", symlinks=True)
    python = folder / "venv" / "bin" / "python"
    install = ["--python", python, "install", "--no-deps", "--no-index", "--no-compile", wheel]
    _run([sys.executable, "-m", "pip", *install], folder)
    packages = Path(
        _run([python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"], folder).strip()
    )
    (packages / "lent.pth").write_text(sysconfig.get_path("purelib") + "\n", encoding="utf-8")
    return folder / "venv" / "bin" / "fedchapter"


def _run(arguments: list[object], folder: Path) -> str:
    done = subprocess.run(
        [str(one) for one in arguments],
        cwd=folder,
        env=environment(),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.mark.long
async def test_an_installed_wheel_serves_pages_static_files_and_templates(
    installed: Path, tmp_path: Path
) -> None:
    program, port = (str(installed),), free_ports(1)[0]
    data = tmp_path / "chapter"
    options = ("--domain", f"localhost:{port}", "--name", "Rivertown", "--data", str(data))
    made = await command("init", *options, cwd=tmp_path, program=program)
    assert made.status == 0, made.err
    config = str(data / "fedchapter.toml")
    async with (
        running("serve", "--config", config, cwd=tmp_path, program=program) as server,
        httpx.AsyncClient(base_url=f"http://localhost:{port}", headers={"Accept": "text/html"}) as client,
    ):
        await server.ready()
        for path in (
            "/",
            "/@rivertown",
            "/sign-in",
            "/events",
            "/proposals",
            "/about",
            "/static/icons/blue.svg",
        ):
            answer = await client.get(path)
            assert (path, answer.status_code) == (path, 200)
        sheet = (await client.get("/")).text.partition('rel="stylesheet" href="')[2].partition('"')[0]
        assert (await client.get(sheet)).headers["content-type"].startswith("text/css")
        assert await server.stop() == 0
    listed = await command("handlers", cwd=tmp_path, program=program)
    assert "fedchapter/objects/follow/inbox.py" in listed.out


def test_the_wheel_comes_from_the_wheel(installed: Path, tmp_path: Path) -> None:
    python = installed.parent / "python"
    place = _run([python, "-c", "import fedchapter; print(fedchapter.__file__)"], tmp_path)
    assert Path(place).is_relative_to(installed.parents[1])
    assert not Path(place).is_relative_to(CHECKOUT)


def test_the_wheel_carries_its_templates_and_no_tests(installed: Path) -> None:
    wheel = next(installed.parents[2].glob("fedchapter-*.whl"))
    listed = _run([sys.executable, "-m", "zipfile", "-l", wheel], wheel.parent)
    assert "fedchapter/web/templates/base.html" in listed
    assert "fedchapter/static/style.css" in listed
    assert "tests/" not in listed


def test_an_installed_wheel_speaks_every_language(installed: Path) -> None:
    packages = installed.parents[1]
    catalogs = {path.stem for path in packages.rglob("fedchapter/words/languages/*.po")}
    assert catalogs == set(LANGUAGES) - {"en"}
