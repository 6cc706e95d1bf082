"""A data folder: raw files, verified, parsed once, and read by column."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from cofactor.errors import FileError
from cofactor.loaders.folder_layout import Layout, absent, choose_state, default_root
from cofactor.loaders.ingest import Ingested, Parsed, current, ingest, prepared
from cofactor.loaders.lockfile import LockEntry, record
from cofactor.loaders.manifest import Manifest, load_manifest
from cofactor.loaders.seen import remembered_sha256, stamp_of
from cofactor.loaders.synthetic_marker import read_marker
from cofactor.loaders.transport import missing_columns
from cofactor.loaders.verify import Trust, Verification

_LOG = logging.getLogger(__name__)

PERSON = "SEQN"


@dataclass(frozen=True)
class InputFile:
    """One file that was read, for the provenance of a result.

    Attributes
    ----------
    file : str
    sha256 : str
        Of the raw bytes.
    status : str
        As in `Verification`.
    published : str
        CDC's date; "" where not known.
    note : str
        What a reader should know of the verification.
    """

    file: str
    sha256: str
    status: str
    published: str
    note: str


class DataFolder:
    """Raw NHANES files in CDC's layout, served by column.

    A file is verified before its first parse counts, parsed once and kept as Parquet beside the raw one; that is used
    until the raw file's hash, the reader or the manifest change. What was read is remembered for the provenance.

    Parameters
    ----------
    path : path, optional
        The folder; by default what COFACTOR_DATA names, else the platform's cache folder.
    state : path, optional
        Where parsed files and the lock file go instead of the folder itself (which they do anyway, into the platform's
        cache folder, where the folder cannot be written to).
    manifest : Manifest, optional
        By default the one that ships with the package.

    Raises
    ------
    FileError
        The folder does not exist.
    """

    def __init__(
        self, path: Path | str | None = None, *, state: Path | str | None = None, manifest: Manifest | None = None
    ) -> None:
        root = (default_root() if path is None else Path(path).expanduser()).absolute()
        if not root.is_dir():
            raise FileError(f"there is no data folder {root}; `cofactor fetch --data {root}` makes and fills one")
        elsewhere = None if state is None else Path(state).expanduser().absolute()
        self.layout = Layout(root, choose_state(root, elsewhere))
        self.manifest = load_manifest() if manifest is None else manifest
        self._trust = Trust(self.manifest, self.layout.read_lock(), read_marker(root))
        self._read: dict[str, Verification] = {}
        self._ready: dict[str, tuple[list[int], Ingested]] = {}

    def __repr__(self) -> str:
        return f"DataFolder({str(self.root)!r})"

    @property
    def root(self) -> Path:
        """The folder itself."""
        return self.layout.root

    @property
    def is_synthetic(self) -> bool:
        """Whether the folder says of itself that its files are synthetic."""
        return self._trust.synthetic is not None

    def has(self, file: str) -> bool:
        """Whether the raw file is in the folder; nothing is said of its content."""
        return self.layout.find(file, self.manifest) is not None

    def names(self, file: str) -> tuple[str, ...]:
        """Return the names of the columns of `file`; raises as `columns`."""
        return self._parsed(file).columns

    def columns(self, file: str, names: Iterable[str], *, one_row_per_person: bool = True) -> pd.DataFrame:
        """Return columns of one file.

        Parameters
        ----------
        file : str
            As in the manifest, "DEMO_D.xpt".
        names : iterable of str
            Columns, in upper case.
        one_row_per_person : bool
            Whether SEQN must be there and name each person once. Set it False for files with several rows a person
            (medicines, single supplements, activities) and for files without persons (product databases).

        Returns
        -------
        DataFrame
            SEQN first where the file has it (int64), then `names` in the order asked; rows in the order of the file.
            Numbers are float64 with NaN, text is `str`.

        Raises
        ------
        FileError
            The file is absent or damaged, lacks a column, or has a person twice (or none) where each is expected once.
        VerificationError
            The content is not what the manifest says, and the user has not accepted it.
        """
        parsed = self._parsed(file)
        asked = list(dict.fromkeys(name for name in names if name != PERSON))
        if not set(asked) <= set(parsed.columns):
            raise missing_columns(file, asked, parsed.columns)
        if PERSON in parsed.columns:
            return _with_persons(self._served(file, parsed, [PERSON, *asked]), file, unique=one_row_per_person)
        if one_row_per_person:
            raise FileError(f"{file} has no SEQN: its rows are not persons; read it with one_row_per_person=False")
        return self._served(file, parsed, asked)

    def verification(self, file: str) -> Verification:
        """Return what is known of `file`, verifying it where that was not done; raises as `columns`."""
        self._parsed(file)
        return self._read[file]

    def prepare(self, files: Iterable[str], *, jobs: int = 2, progress: bool = True) -> None:
        """Verify and parse `files` in parallel, so that reading them is quick; names not in the folder are passed over.

        Raises
        ------
        FileError, VerificationError
            As `columns`, for the first file that is not right.
        """
        found = {file: self.layout.find(file, self.manifest) for file in dict.fromkeys(files)}
        work = [
            (file, raw, self.layout, self._trust)
            for file, raw in found.items()
            if raw is not None and not self._is_current(file, raw)
        ]
        if not work:
            return
        from cofactor.loaders.parallel import in_parallel

        self._remember(in_parallel(prepared, work, jobs=jobs, label="reading files", progress=progress))

    def inputs(self) -> tuple[InputFile, ...]:
        """Return every file that was read through this folder, by name, for the provenance."""
        return tuple(self._input(self._read[file]) for file in sorted(self._read))

    def _input(self, known: Verification) -> InputFile:
        listed = self.manifest.get(known.file)
        # A synthetic file was published by nobody, whatever its name.
        published = "" if listed is None or known.status == "synthetic" else listed.published
        return InputFile(known.file, known.sha256, known.status, published, known.note)

    def _is_current(self, file: str, raw: Path) -> bool:
        """Whether the parsed form is up to date; if so, it is kept for the first read."""
        if not self.layout.seen(raw).exists():  # before a hash is taken, which a worker had better do
            return False
        stamp = stamp_of(raw)
        sha256 = remembered_sha256(raw, self.layout.seen(raw))
        ready = current(file, sha256, self.layout.parsed(raw), self._trust)
        if ready is not None:
            self._ready[file] = (stamp, ready)
        return ready is not None

    def _ingested(self, file: str, raw: Path) -> Ingested:
        stamp, ready = self._ready.pop(file, (None, None))
        if ready is not None and stamp == stamp_of(raw):
            return ready
        return ingest(file, raw, self.layout, self._trust)

    def _parsed(self, file: str) -> Parsed:
        raw = self.layout.find(file, self.manifest)
        if raw is None:
            raise absent(file, self.root, self.manifest)
        ingested = self._ingested(file, raw)
        self._remember([ingested.to_record])
        self._read[file] = ingested.verification
        return ingested.parsed

    def _served(self, file: str, parsed: Parsed, names: Sequence[str]) -> pd.DataFrame:
        """Read columns, making the parsed form anew where it turns out damaged."""
        try:
            return parsed.read(names)
        except FileError as error:
            _LOG.warning("%s", error)
            if isinstance(parsed.where, Path):
                parsed.where.unlink(missing_ok=True)
            return self._parsed(file).read(names)

    def _remember(self, entries: Iterable[LockEntry | None]) -> None:
        """Record first uses in the lock file; a folder that takes none is served all the same."""
        new = [entry for entry in entries if entry is not None and self._trust.lock.get(entry.file) is None]
        if not new:
            return
        try:
            record(self.layout.lock, new)
        except FileError as error:
            _LOG.warning("first use is not recorded: %s", error)
            return
        self._trust = Trust(self.manifest, self.layout.read_lock(), self._trust.synthetic)


def _with_persons(frame: pd.DataFrame, file: str, *, unique: bool) -> pd.DataFrame:
    """Return `frame` with SEQN as int64; FileError where a row has none, or, if `unique`, a person has two."""
    if not pd.api.types.is_numeric_dtype(frame[PERSON].dtype):
        raise FileError(f"{file} has text for SEQN where the numbers of persons belong; fetch it again")
    persons = frame[PERSON].to_numpy(dtype=np.float64)
    whole = (persons > 0) & (np.floor(persons) == persons) & np.isfinite(persons)  # NaN is none of these
    if not whole.all():
        rows = int((~whole).sum())
        raise FileError(f"{file} has {rows:,} rows whose SEQN is missing or no whole number; fetch it again")
    numbers = persons.astype(np.int64)
    if unique:
        _refuse_repeated(numbers, file)
    return frame.assign(**{PERSON: numbers})


def _refuse_repeated(persons: NDArray[np.int64], file: str) -> None:
    if (np.diff(persons) > 0).all():  # as in nearly every file: in order, so nobody twice
        return
    repeated = pd.Series(persons).duplicated().to_numpy()
    if repeated.any():
        raise FileError(
            f"{file} names {int(repeated.sum()):,} persons more than once (SEQN {persons[repeated][0]} for one) where "
            "one row a person is expected; if several rows a person are meant, read it with one_row_per_person=False"
        )


def data_folder(data: Path | str | DataFolder | None = None) -> DataFolder:
    """Return the data folder: `data` or the folder it names, else COFACTOR_DATA, else the platform's cache folder.

    Raises
    ------
    FileError
        The folder does not exist.
    """
    return data if isinstance(data, DataFolder) else DataFolder(data)
