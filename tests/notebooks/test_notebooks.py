"""Each notebook runs from its first cell to its last, on synthetic files, and leaves nothing behind."""

from __future__ import annotations

import contextlib
import io
import re
import subprocess
from pathlib import Path

import jupytext
import nbformat
import pytest
from nbclient import NotebookClient

from cofactor.teach import EXERCISES

ROOT = Path(__file__).resolve().parents[2]
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.py"))
SOLUTIONS = sorted((ROOT / "notebooks" / "solutions").glob("*.py"))


def untracked() -> str:
    """What git sees in the folder of notebooks beside scripts and what is committed; "" outside a checkout too."""
    words = ["git", "status", "--porcelain", "--", "notebooks", ":!notebooks/**.py"]
    return subprocess.run(words, cwd=ROOT, capture_output=True, text=True, check=False).stdout


def executed(path: Path, folder: Path, monkeypatch: pytest.MonkeyPatch) -> nbformat.NotebookNode:
    """Run a percent script as a notebook, with `folder` for its temporary files; an error in a cell fails the test."""
    monkeypatch.setenv("TMPDIR", str(folder))
    monkeypatch.setenv("IPYTHONDIR", str(folder / "ipython"))
    monkeypatch.setenv("JUPYTER_RUNTIME_DIR", str(folder / "jupyter"))
    # Whoever installs the notebook extra has widgets; where there are none, tqdm says so and draws its bars in text.
    monkeypatch.setenv("PYTHONWARNINGS", "ignore:IProgress not found")
    notebook = jupytext.read(path)
    NotebookClient(notebook, timeout=120, resources={"metadata": {"path": str(folder)}}).execute()
    return notebook


def outputs_of(notebook: nbformat.NotebookNode) -> list[nbformat.NotebookNode]:
    return [output for cell in notebook.cells if cell.cell_type == "code" for output in cell.outputs]


def text_of(output: nbformat.NotebookNode) -> str:
    return str(output.get("text") or output.get("data", {}).get("text/plain", ""))


def complaints_of(outputs: list[nbformat.NotebookNode]) -> list[str]:
    """What was written to standard error beside the progress bars, which begin their line anew."""
    said = "".join(text_of(output) for output in outputs if output.get("name") == "stderr")
    return [line for line in said.split("\n") if line.strip() and not line.startswith("\r")]


@pytest.mark.slow
@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_notebook_runs_without_a_warning_and_leaves_nothing(
    path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = untracked()
    outputs = outputs_of(executed(path, tmp_path, monkeypatch))
    assert complaints_of(outputs) == []
    assert untracked() == before
    said = "\n".join(map(text_of, outputs))
    if "check(" in path.read_text(encoding="utf-8"):
        assert "Not yet." in said, "a mistake is made before it is mended"
        assert said.find("Right.") == -1 or said.index("Not yet.") < said.index("Right.")
    assert sum("image/png" in output.get("data", {}) for output in outputs) > 0


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_notebook_begins_with_what_one_will_be_able_to_do_and_has_one_line_of_data(path: Path) -> None:
    notebook = jupytext.read(path)
    assert notebook.cells[0].cell_type == "markdown"
    assert "you can" in notebook.cells[0].source
    lines = [line for cell in notebook.cells if cell.cell_type == "code" for line in cell.source.splitlines()]
    assert sum(line.startswith("DATA =") for line in lines) == 1
    assert not any(line.startswith(("def ", "class ")) for line in lines), (
        "what can be used again belongs in the package"
    )


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_notebook_asks_every_exercise_of_its_number(path: Path) -> None:
    number = path.stem.split("_")[0]
    own = [name for name in EXERCISES if name.split(".")[0] == number]
    text = path.read_text(encoding="utf-8")
    assert own, "a notebook closes with exercises"
    assert [name for name in own if f'question("{name}")' not in text] == []
    solved = ROOT / "notebooks" / "solutions" / path.name
    assert solved in SOLUTIONS
    assert [name for name in own if f'check("{name}"' not in solved.read_text(encoding="utf-8")] == []


@pytest.mark.real_data
@pytest.mark.slow
@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_one_line_switches_to_the_real_files(
    path: Path, real_data_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As a script, without Jupyter's own line; every cell runs on CDC's files as it stands."""
    monkeypatch.chdir(tmp_path)
    script = path.read_text(encoding="utf-8").replace("# %matplotlib inline", "")
    switched = script.replace('DATA = "synthetic"', f"DATA = {str(real_data_folder)!r}", 1)
    assert switched != script
    with contextlib.redirect_stdout(io.StringIO()):
        exec(compile(switched, str(path), "exec"), {"__name__": "notebook"})


@pytest.mark.parametrize("path", SOLUTIONS, ids=lambda path: path.stem)
def test_solutions_are_right_with_any_seed(path: Path) -> None:
    """Run as a script, with the seed of the file and with another; every check that it prints says so."""
    for seed in (1, 271828):
        printed = io.StringIO()
        script = re.sub(r"^SEED = 1$", f"SEED = {seed}", path.read_text(encoding="utf-8"), count=1, flags=re.MULTILINE)
        assert f"SEED = {seed}\n" in script
        with contextlib.redirect_stdout(printed):
            exec(compile(script, str(path), "exec"), {"__name__": "solutions"})
        said = printed.getvalue()
        checks = len(re.findall(r"^print\(check\(", script, flags=re.MULTILINE))
        assert checks > 0
        assert (said.count("Right."), said.count("Not yet.")) == (checks, 0), said
