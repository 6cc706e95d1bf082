"""The notebooks as pages: each percent script of `notebooks/` becomes one."""

from __future__ import annotations

from pathlib import Path

import jupytext
import nbformat

from building.files import drop_others, write_changed

INTRODUCTION = """\
# Notebooks

Lessons to run: each opens with what you will be able to do after it, works on made-up data with one line that
switches to the real files, and closes with exercises. The scripts are in `notebooks/`; open one with jupytext. Here
they are shown as they are written, and the tests run them; with `COFACTOR_DOCS_NOTEBOOKS=run` before the command that
builds these pages they are shown with what they print and draw.
"""


def write(docs: Path) -> None:
    """Write `docs/notebooks/NAME.ipynb` for each script, and drop those whose script is gone."""
    target = docs / "notebooks"
    scripts = sorted((docs.parent / "notebooks").glob("[0-9][0-9]_*.py"))
    pages = {target / f"{script.stem}.ipynb": as_notebook(script.read_text(encoding="utf-8")) for script in scripts}
    for path, text in pages.items():
        write_changed(path, text)
    drop_others(target, "*.ipynb", set(pages))
    write_changed(target / "index.md", index_page([script.stem for script in scripts]))


def as_notebook(script: str) -> str:
    r"""Return a percent script as a notebook whose cells are numbered, so that the same script gives the same bytes.

    >>> '"id": "cell-1"' in as_notebook("# %%\n1 + 1\n\n# %%\n2\n")
    True
    """
    notebook = jupytext.reads(script, fmt="py:percent")
    for number, cell in enumerate(notebook.cells):
        cell["id"] = f"cell-{number}"
    return str(nbformat.writes(notebook, version=4))


def index_page(stems: list[str]) -> str:
    """Return the page that lists the notebooks.

    >>> index_page(["01_first_look"]).splitlines()[-2:]
    ['01_first_look', '```']
    """
    return "\n".join([INTRODUCTION, "```{toctree}", ":maxdepth: 1", "", *stems, "```", ""])
