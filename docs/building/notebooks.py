"""The notebooks as pages: each percent script of `notebooks/` becomes one."""

from __future__ import annotations

import re
from pathlib import Path

import jupytext
import nbformat

from building.files import drop_others, write_changed

INTRODUCTION = """\
# Notebooks

Lessons to run: each opens with what you will be able to do after it, works on made-up data with one line that
switches to the real files, and closes with exercises. The scripts are in `notebooks/`; open one with jupytext, or get
them as `.ipynb` by `cofactor teach notebooks FOLDER`. Here they are shown with what they print and draw on made-up
data.
"""

PICTURE = re.compile(r"\A# Picture: (.+(?:\n# .+)*)")


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

    The words of a cell's picture become its alternative text.

    >>> '"id": "cell-1"' in as_notebook("# %%\n1 + 1\n\n# %%\n2\n")
    True
    """
    notebook = jupytext.reads(script, fmt="py:percent")
    for number, cell in enumerate(notebook.cells):
        cell["id"] = f"cell-{number}"
        words = words_of_picture(cell["source"]) if cell["cell_type"] == "code" else ""
        if words:
            cell["metadata"]["mystnb"] = {"image": {"alt": words}}
    return str(nbformat.writes(notebook, version=4))


def words_of_picture(source: str) -> str:
    r"""Return what the first lines of a cell say of the picture that it draws; nothing where they say nothing.

    >>> words_of_picture("# Picture: Deaths by age,\n# one line for each sex.\ndraw()")
    'Deaths by age, one line for each sex.'
    """
    found = PICTURE.match(source)
    return "" if found is None else found[1].replace("\n# ", " ")


def index_page(stems: list[str]) -> str:
    """Return the page that lists the notebooks.

    >>> index_page(["01_first_look"]).splitlines()[-2:]
    ['01_first_look', '```']
    """
    return "\n".join([INTRODUCTION, "```{toctree}", ":maxdepth: 1", "", *stems, "```", ""])
