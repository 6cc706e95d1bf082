"""Look through a data folder: what is there, and is it right?"""

from __future__ import annotations

import contextlib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from cofactor.display import table_html
from cofactor.errors import FileError
from cofactor.loaders.folder_layout import Layout, choose_state, default_root
from cofactor.loaders.lockfile import record
from cofactor.loaders.manifest import Manifest, load_manifest
from cofactor.loaders.parallel import in_parallel
from cofactor.loaders.selection import select
from cofactor.loaders.synthetic_marker import read_marker
from cofactor.loaders.verify import Trust, Verification, accepted, examine, first_use

_DATA_ENDINGS = (".xpt", ".dat")


@dataclass(frozen=True, eq=False)
class FolderReport:
    """What was found in a data folder.

    Attributes
    ----------
    root : Path
    verifications : tuple of Verification
        One a file.
    cycles : mapping of str to str
        Cycle by file, where the manifest knows it.
    synthetic : bool
        Whether the folder says of itself that its files are synthetic.
    """

    root: Path
    verifications: tuple[Verification, ...]
    cycles: Mapping[str, str]
    synthetic: bool

    @property
    def counts(self) -> dict[str, int]:
        """Files by status."""
        return dict(Counter(one.status for one in self.verifications))

    @property
    def is_good(self) -> bool:
        """Whether there are files, and every one may be used."""
        return bool(self.verifications) and all(one.is_good for one in self.verifications)

    def table(self) -> pd.DataFrame:
        """Return one row a file: file, cycle, status, sha256, note."""
        rows = [(v.file, self.cycles.get(v.file, ""), v.status, v.sha256, v.note) for v in self.verifications]
        return pd.DataFrame(rows, columns=["file", "cycle", "status", "sha256", "note"])

    def _repr_html_(self) -> str:
        said = ", ".join(f"{count:,} {status}" for status, count in self.counts.items()) or "no files"
        return table_html(self.table().drop(columns="sha256"), caption=f"Files of {self.root.name}: {said}")


def _examined(file: str, path: Path, trust: Trust) -> Verification:
    try:
        return examine(file, path, trust).verification
    except FileError as error:
        return Verification(file, "damaged", "", str(error))


def _names(layout: Layout, trust: Trust, cycles: str | Sequence[str] | None) -> list[str]:
    """Return the files to look at: those of the cycles, or without cycles every data file that is there."""
    if cycles is not None:
        listed = [one.file for one in select(trust.manifest, cycles)]
        return listed if trust.synthetic is None else [one for one in listed if one in trust.synthetic.files]
    there = {path.name for path in layout.root.rglob("*") if path.suffix.lower() in _DATA_ENDINGS}
    promised = set() if trust.synthetic is None else set(trust.synthetic.files)
    known = [file for file in trust.manifest.records if file in there | promised]
    return known + sorted((there | promised) - set(known))


def _path(file: str, layout: Layout, manifest: Manifest) -> Path | None:
    found = layout.find(file, manifest)
    return found if found is not None else next(iter(sorted(layout.root.rglob(file))), None)


def _with_accepted(found: Verification, accept_changed: bool) -> Verification:
    if accept_changed and found.status == "refused" and found.differences:
        return Verification(found.file, "accepted", found.sha256, found.note, found.differences)
    return found


def verify(
    data: Path | str | None = None,
    cycles: str | Sequence[str] | None = None,
    *,
    accept_changed: bool = False,
    progress: bool = True,
    jobs: int = 2,
    manifest: Manifest | None = None,
) -> FolderReport:
    """Verify every file of a data folder, hashing each anew.

    Parameters
    ----------
    data : path, optional
        The folder; by default what COFACTOR_DATA names, else the platform's cache folder.
    cycles : str or sequence of str, optional
        Look at the files of these cycles and the common ones, absent ones as "missing"; by default at what is there.
    accept_changed : bool
        Whether to accept files whose content differs from the manifest; recorded in the lock file.
    progress : bool
        Whether to show a bar, where standard error is a terminal.
    jobs : int
        Processes.
    manifest : Manifest, optional
        By default the one that ships with the package.

    Returns
    -------
    FolderReport
        Nothing is raised for a file that is not right: its status tells.

    Raises
    ------
    FileError
        There is no such folder, or its lock file or marker cannot be understood.
    """
    root = (default_root() if data is None else Path(data).expanduser()).absolute()
    if not root.is_dir():
        raise FileError(f"there is no data folder {root}; `cofactor fetch --data {root}` makes and fills one")
    layout = Layout(root, choose_state(root, None))
    trust = Trust(load_manifest() if manifest is None else manifest, layout.read_lock(), read_marker(root))
    paths = {file: _path(file, layout, trust.manifest) for file in _names(layout, trust, cycles)}
    work = [(file, path, trust) for file, path in paths.items() if path is not None]
    done = in_parallel(_examined, work, jobs=jobs, label="verifying", progress=progress)
    found = {one.file: _with_accepted(one, accept_changed) for one in done}
    _record(layout, found.values(), trust.manifest)
    listed = (found.get(file, Verification(file, "missing", "", "not in the folder")) for file in paths)
    cycle_of = {file: trust.manifest.records[file].cycle for file in paths if file in trust.manifest.records}
    return FolderReport(root, tuple(listed), cycle_of, trust.synthetic is not None)


def _record(layout: Layout, found: Iterable[Verification], manifest: Manifest) -> None:
    """Write accepted files and first uses to the lock file; a folder that takes no first uses is no error."""
    taken = [accepted(one, manifest) for one in found if one.status == "accepted" and one.differences]
    record(layout.lock, taken)
    firsts = [first_use(one, manifest) for one in found]
    with contextlib.suppress(FileError):
        record(layout.lock, [entry for entry in firsts if entry is not None])
