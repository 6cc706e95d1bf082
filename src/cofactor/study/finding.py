"""Find a study by path or name, and take its value from the file."""

from __future__ import annotations

import importlib.util
from pathlib import Path

from cofactor.errors import StudyError
from cofactor.resources import resource_folder
from cofactor.study.definition import Study


def find_study_file(name: str | Path) -> Path:
    """Return the file of a study: a path, else ./analyses/NAME.py, else the copy that ships with the package.

    Raises StudyError naming the places that were tried and the studies that ship.
    """
    path = Path(name)
    if path.suffix == ".py":
        if path.is_file():
            return path
        raise StudyError(f"there is no study file {path}")
    shipped = resource_folder("analyses")
    candidates = (Path("analyses") / f"{name}.py", shipped / f"{name}.py")
    for candidate in candidates:
        if candidate.is_file():
            return candidate
    ships = ", ".join(sorted(file.stem for file in shipped.glob("*.py")))
    places = " nor ".join(str(candidate) for candidate in candidates)
    raise StudyError(f"no study {name!r}: neither {places}; studies that ship: {ships}")


def load_study(name: str | Path) -> Study:
    """Return the module-level STUDY of a study file; importing it runs nothing else.

    Raises StudyError where the file cannot be imported, or binds no STUDY.
    """
    path = find_study_file(name)
    spec = importlib.util.spec_from_file_location(f"cofactor_study_{path.stem}", path)
    if spec is None or spec.loader is None:
        raise StudyError(f"{path} is not a Python file that can be imported")
    module = importlib.util.module_from_spec(spec)
    try:
        spec.loader.exec_module(module)
    except Exception as error:
        raise StudyError(f"{path} cannot be imported: {type(error).__name__}: {error}") from error
    study = getattr(module, "STUDY", None)
    if not isinstance(study, Study):
        raise StudyError(f"{path} binds no module-level STUDY; write `STUDY = Study(...)`")
    return study
