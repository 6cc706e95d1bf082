"""The console commands of the README and of the pages run as they are written, one after the other, on real files."""

from __future__ import annotations

import os
import re
import shlex
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from .page_text import ROOT, fenced, hand_written

ELSEWHERE = {
    "make setup": "the first step of .ci/run",
    "make test": "what .ci/run does",
    "make variables": "a step of .ci/run",
    "source .venv/bin/activate": "the tests run in that environment",
    "cofactor demo": "a step of .ci/run, from a checkout and from a wheel",
    "pip install cofactor[fast]": "wants a registry of packages",
    "python data_manifest/build_codes.py --codebook PATH": "tests/loaders/test_codes_build.py",
}
"""Commands that run elsewhere, and where."""

QUICKER = {"--imputations 20": "--imputations 2"}
"""What takes minutes, and the same in seconds."""


def commands(page: Path) -> list[str]:
    lines = [line for block in fenced(page.read_text(encoding="utf-8"), "console") for line in block.splitlines()]
    return [" ".join(shlex.split(line[2:], comments=True)) for line in lines if line.startswith("$ ")]


PAGES = [page for page in [ROOT / "README.md", *hand_written()] if set(commands(page)) - set(ELSEWHERE)]


def lay_out(page: Path, folder: Path, data: Path) -> None:
    """Make in `folder` what a page takes for granted: its reader's files, and its own file of a study."""
    text = page.read_text(encoding="utf-8")
    (folder / "nhanes").symlink_to(data)
    (folder / "roster.csv").write_text("name\nAda\nFlorence\n", encoding="utf-8")
    (folder / "answers").mkdir()
    for answers in fenced(text, "text"):
        (folder / "answers" / "Ada.csv").write_text(answers, encoding="utf-8")
    for program in fenced(text, "python"):
        if re.search(r"^STUDY = ", program, flags=re.MULTILINE):
            (folder / "mg_vitd_us_born.py").write_text(program, encoding="utf-8")


def run(words: list[str], folder: Path, environment: dict[str, str]) -> subprocess.CompletedProcess[str]:
    program = [sys.executable, "-m", "cofactor", *words]
    return subprocess.run(program, cwd=folder, env=environment, capture_output=True, text=True, check=False)


def serve(words: list[str], folder: Path, environment: dict[str, str]) -> str:
    """Start the server, interrupt it when it has said its address, and return all that it said."""
    said = []
    with subprocess.Popen(
        [sys.executable, "-m", "cofactor", *words], cwd=folder, env=environment, text=True, stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # a job in the background is deaf to it
    ) as server:  # fmt: skip
        for line in server.stdout or ():
            said.append(line)
            if "http://127.0.0.1:" in line:
                server.send_signal(signal.SIGINT)
    return "".join(said)


@pytest.mark.slow
@pytest.mark.real_data
@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_commands_of_a_page_run_one_after_the_other(
    page: Path, mirror: Path, real_data_folder: Path, tmp_path: Path
) -> None:
    lay_out(page, tmp_path, real_data_folder)
    fetches = any(command.startswith("cofactor fetch") for command in commands(page))
    data = tmp_path / "fetched" if fetches else real_data_folder
    environment = os.environ | {"COFACTOR_DATA": str(data), "BROWSER": "true", "MPLBACKEND": "Agg"}
    for command in commands(page):
        if command in ELSEWHERE:
            continue
        for long, short in QUICKER.items():
            command = command.replace(long, short)
        program, *words = shlex.split(command)
        assert program == "cofactor", f"{command!r} neither runs here nor stands in ELSEWHERE"
        if words[0] == "explore":
            assert "http://127.0.0.1:" in (said := serve(words, tmp_path, environment)), said
            continue
        words += ["--mirror", str(mirror)] if words[0] == "fetch" else []  # no network here
        done = run(words, tmp_path, environment)
        assert done.returncode == 0, f"{command}:\n{done.stdout[-1000:]}\n{done.stderr[-2000:]}"


def test_what_runs_elsewhere_stands_on_a_page() -> None:
    assert set(ELSEWHERE) <= {command for page in [ROOT / "README.md", *hand_written()] for command in commands(page)}
