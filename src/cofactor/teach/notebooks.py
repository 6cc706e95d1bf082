"""Copy the notebooks into a folder of the user's, as `.ipynb` that Jupyter opens."""

from __future__ import annotations

import importlib.util
from pathlib import Path

from cofactor.errors import FileError
from cofactor.loaders.atomic import write_text_whole
from cofactor.resources import resource_folder


def copy_notebooks(folder: Path, *, solutions: bool = False) -> tuple[Path, ...]:
    """Write each notebook as `.ipynb`, without outputs, into `folder`; return the files.

    Parameters
    ----------
    folder : Path
        Made if it is not there. What is in it stays: no notebook is written over.
    solutions : bool
        Write the solutions too, into a folder of that name.

    Raises
    ------
    FileError
        jupytext is not installed, or a notebook of that name is in the folder already.
    """
    if importlib.util.find_spec("jupytext") is None:
        raise FileError(
            "jupytext, which makes notebooks of scripts, is not installed: pip install 'cofactor[notebook]', or in a"
            " checkout `make setup`"
        )
    source = resource_folder("notebooks")
    scripts = sorted(source.glob("[0-9]*.py"))
    if solutions:
        scripts += sorted((source / "solutions").glob("[0-9]*.py"))
    targets = [(folder / script.relative_to(source)).with_suffix(".ipynb") for script in scripts]
    there = [target.name for target in targets if target.exists()]
    if there:
        raise FileError(f"{folder}: {', '.join(there)} already there, maybe with your work in it; name another folder")
    for script, target in zip(scripts, targets, strict=True):
        _write(script, target)
    return tuple(targets)


def _write(script: Path, target: Path) -> None:
    import jupytext  # type: ignore[import-untyped]  # ships no types

    write_text_whole(target, jupytext.writes(jupytext.read(script), fmt="ipynb"))
