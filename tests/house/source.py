"""Reads the project's own source for the rules: parsed Python, and every tracked text file."""

import ast
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
BLOCKS = (ast.If, ast.For, ast.AsyncFor, ast.While, ast.With, ast.AsyncWith, ast.Try, ast.TryStar, ast.Match)
FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
Function = ast.FunctionDef | ast.AsyncFunctionDef


@cache
def tracked_files() -> tuple[Path, ...]:
    """Every file that a commit would hold: what git tracks, or could by mistake."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    paths = (ROOT / name for name in listed.stdout.split("\0") if name)
    return tuple(path for path in paths if path.is_file())


@cache
def python_files(*folders: str) -> tuple[tuple[Path, ast.Module], ...]:
    """Each Python file under the folders, parsed. Migrations are written by a program and left out."""
    inside = tuple(ROOT / folder for folder in folders)
    return tuple(
        (path, ast.parse(path.read_text(encoding="utf-8")))
        for path in tracked_files()
        if path.suffix == ".py" and any(path.is_relative_to(folder) for folder in inside)
        if "migrations" not in path.parts
    )


def functions(module: ast.Module) -> Iterator[Function]:
    """Every function and method, inner ones too."""
    return (node for node in ast.walk(module) if isinstance(node, FUNCTIONS))


def depth(function: Function) -> int:
    """How many blocks (if, for, with, try…) stand inside one another; an elif is not inside its if."""
    return max((_depth(child) for child in function.body), default=0)


def place(path: Path, node: ast.stmt | ast.expr | None = None) -> str:
    """`fedchapter/net/client.py:12`, for messages."""
    line = f":{node.lineno}" if node else ""
    return f"{path.relative_to(ROOT)}{line}"


def _depth(node: ast.AST) -> int:
    if isinstance(node, (*FUNCTIONS, ast.ClassDef, ast.Lambda)):
        return 0
    inner = [_inner_depth(node, child) for child in ast.iter_child_nodes(node)]
    return max(inner, default=0) + isinstance(node, BLOCKS)


def _inner_depth(node: ast.AST, child: ast.AST) -> int:
    is_elif = isinstance(node, ast.If) and node.orelse == [child] and isinstance(child, ast.If)
    return _depth(child) - is_elif
