"""Where the people come from: a data folder, or synthetic files made on request; and what an address asks of them."""

from __future__ import annotations

import threading
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from pathlib import Path

from cofactor.errors import CofactorError
from cofactor.explore.choices import FIRST, Choices, from_address
from cofactor.explore.code import DataSource
from cofactor.explore.explorer import Explorer
from cofactor.explore.offered import default_reference
from cofactor.explore.plan import plan_of
from cofactor.loaders.cycles import CYCLES
from cofactor.loaders.folder_layout import default_root
from cofactor.loaders.store import DataFolder
from cofactor.loaders.synthetic_marker import read_marker
from cofactor.synthetic import synthetic_nhanes

PEOPLE, SEED = 1500, 20191231
"""Of the synthetic files: people in each cycle, enough for every model that the page opens with."""


@dataclass
class Home:
    """The data that a server answers from; synthetic files may come later.

    Attributes
    ----------
    root : Path
        The data folder that was asked for.
    explorer : Explorer or None
        None as long as there is nothing to read.
    synthetic : bool
        The files say of themselves that they are made up.
    """

    root: Path
    explorer: Explorer | None
    synthetic: bool
    making: threading.Lock = field(default_factory=threading.Lock)

    @property
    def words(self) -> str:
        """Where the data are, for the head of the page."""
        if self.explorer is None:
            return f"Data folder: {self.root}"
        if self.synthetic:
            return f"Synthetic files: {self.explorer.source.folder or self.root}"
        return f"NHANES public-use files: {self.root}"

    def make_synthetic(self) -> None:
        """Make synthetic files in the platform's cache folder, or take those of before, and answer from them.

        Raises
        ------
        FileError
            They cannot be written.
        """
        import platformdirs

        with self.making:
            if self.explorer is not None:
                return
            folder = platformdirs.user_cache_path("cofactor") / "synthetic"
            folder.parent.mkdir(parents=True, exist_ok=True)
            if not _made_before(folder):
                synthetic_nhanes(folder, people=PEOPLE, seed=SEED)
            self.synthetic = True
            self.explorer = Explorer(DataSource(str(folder), people=PEOPLE, seed=SEED))


def home_of(data: Path | None) -> Home:
    """Return the home of a data folder; without one named, of the default folder, which may be absent or empty.

    Raises
    ------
    FileError
        The folder that was named does not exist.
    """
    root = (default_root() if data is None else data.expanduser()).absolute()
    if data is None and not root.is_dir():
        return Home(root, None, synthetic=False)
    folder = DataFolder(root)
    if not any(folder.has(name) for cycle in CYCLES for name in folder.manifest.files_of(cycle)):
        return Home(root, None, synthetic=False)
    named = None if data is None else str(data)
    return Home(root, Explorer(DataSource(named)), synthetic=folder.is_synthetic)


def _made_before(folder: Path) -> bool:
    marker = read_marker(folder)
    return marker is not None and (marker.people, marker.seed) == (PEOPLE, SEED)


def opened(pairs: Iterable[tuple[str, str]]) -> tuple[Choices, str]:
    """Return the choices that an address asks for, and "" or what is wrong with them.

    Where something is, the page opens with its first question instead.

    >>> opened([("exposure", "shoe_size")])[1]
    "unknown variable 'shoe_size' in the exposure; `cofactor catalogue` lists the names"
    """
    try:
        choices = from_address(pairs)
        plan = plan_of(choices)
    except CofactorError as error:
        return FIRST, str(error)
    return replace(
        choices,
        exposure=plan.exposure.variable,
        modifier=plan.modifier.variable,
        exposure_reference=_unless_default(choices.exposure_reference, plan.exposure.variable),
        modifier_reference=_unless_default(choices.modifier_reference, plan.modifier.variable),
    ), ""


def _unless_default(level: str, name: str) -> str:
    """Return a reference as the form says it: "" for the one that stands where nothing is said."""
    return "" if level == default_reference(name) else level
