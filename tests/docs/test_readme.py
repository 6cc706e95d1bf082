"""What the README shows runs, and the commands that it and the pages of the site name exist."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
import typer

from cofactor.cli import app

from .page_text import ROOT, commands_of, hand_written, python_of

README = ROOT / "README.md"


def pages() -> list[Path]:
    return [path for path in sorted(ROOT.glob("*.md")) if path.name != "CHANGELOG.md"] + hand_written()


COMMANDS = sorted({line for page in pages() for line in commands_of(page.read_text(encoding="utf-8"), "cofactor")})
TARGETS = sorted({line for page in pages() for line in commands_of(page.read_text(encoding="utf-8"), "make")})


def test_python_of_the_readme_runs_on_synthetic_files(synthetic_folder: Path, tmp_path: Path) -> None:
    environment = os.environ | {"COFACTOR_DATA": str(synthetic_folder), "MPLBACKEND": "Agg"}
    program = tmp_path / "README.py"
    program.write_text(python_of(README.read_text(encoding="utf-8")), encoding="utf-8")
    done = subprocess.run(
        [sys.executable, program.name], cwd=tmp_path, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("line", COMMANDS)
def test_command_is_one_that_the_command_line_takes(line: str) -> None:
    """Parsed, not run: names, options and the types of their values."""
    words = shlex.split(line, comments=True)[1:]
    group = typer.main.get_command(app)
    try:
        with group.make_context("cofactor", [word for word in words if word != "--debug"]) as context:
            name, command, rest = group.resolve_command(context, context._protected_args + context.args)
            command.make_context(name, rest, parent=context)
    except typer.Exit:
        pass  # --version and --help end while they are parsed


@pytest.mark.parametrize("line", TARGETS)
def test_make_target_exists(line: str) -> None:
    targets = re.findall(r"^([\w-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), flags=re.MULTILINE)
    assert set(shlex.split(line, comments=True)[1:]) <= set(targets)


def test_blocks_and_commands_are_found() -> None:
    page = (
        "text\n```python\na = 1\n```\n```bash\n$ cofactor demo --seed 3  # why\ncofactor verify\n```\n    make demo\n"
    )
    assert python_of(page).splitlines()[2] == "a = 1"
    assert python_of(page).split() == ["a", "=", "1"]
    assert commands_of(page, "cofactor") == ["cofactor demo --seed 3  # why", "cofactor verify"]
    assert commands_of(page, "make") == ["make demo"]
