"""From a raw file to its parsed form: verified first, parsed once, kept as Parquet."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import cast

import pandas as pd

from cofactor.errors import FileError
from cofactor.loaders.folder_layout import Layout
from cofactor.loaders.lockfile import LockEntry
from cofactor.loaders.parquet import STORE_VERSION, Origin, read_columns, read_origin, reader_version, write_parquet
from cofactor.loaders.raw import read_raw
from cofactor.loaders.seen import remembered_sha256
from cofactor.loaders.transport import RawTable
from cofactor.loaders.verify import Status, Trust, Verification, by_hash, examine, first_use, require_good

_LOG = logging.getLogger(__name__)


@dataclass(frozen=True, eq=False)
class Parsed:
    """The parsed form of a file: in Parquet, or in memory where that could not be kept.

    Attributes
    ----------
    columns : tuple of str
    where : Path or DataFrame
    """

    columns: tuple[str, ...]
    where: Path | pd.DataFrame

    def read(self, names: Sequence[str]) -> pd.DataFrame:
        """Return the columns `names`, in that order; FileError where the Parquet file is damaged."""
        if isinstance(self.where, pd.DataFrame):
            return self.where[list(names)]
        return read_columns(self.where, names)


@dataclass(frozen=True, eq=False)
class Ingested:
    """What is known of a file, its parsed form, and what the lock file should say of it (None for nothing)."""

    verification: Verification
    parsed: Parsed
    to_record: LockEntry | None


def _known(file: str, sha256: str, origin: Origin, trust: Trust) -> Verification | None:
    """Return the verification of a file whose parsed form is there; None where it has to be verified anew."""
    decided = by_hash(file, sha256, trust.manifest.get(file), trust)
    if decided is not None:
        return decided
    if origin.manifest == trust.manifest.digest and origin.status in ("content", "unverified"):
        return Verification(file, cast(Status, origin.status), sha256, origin.note)
    return None


def current(file: str, sha256: str, parsed: Path, trust: Trust) -> Ingested | None:
    """Return the parsed form at `parsed` where it was made from these bytes, by this reader, and they are verified.

    Raises
    ------
    VerificationError
        The bytes are not to be used.
    """
    found = read_origin(parsed)
    if found is None:
        return None
    origin, columns = found
    if (origin.sha256, origin.reader, origin.store) != (sha256, reader_version(), STORE_VERSION):
        return None
    known = _known(file, sha256, origin, trust)
    if known is None:
        return None
    return Ingested(require_good(known), Parsed(columns, parsed), first_use(known, trust.manifest))


def _kept(table: RawTable, known: Verification, parsed: Path, trust: Trust) -> Parsed:
    origin = Origin(
        sha256=known.sha256,
        reader=reader_version(),
        store=STORE_VERSION,
        manifest=trust.manifest.digest,
        status=known.status,
        note=known.note,
        encoding=table.encoding,
        zeros_mended=table.zeros_mended,
    )
    columns = tuple(str(name) for name in table.frame.columns)
    try:
        write_parquet(table.frame, origin, parsed)
    except OSError as error:
        # The answer is right without it, only slower the next time: a read does not fail for want of a cache.
        _LOG.warning("cannot keep %s (%s); %s is parsed again next time", parsed, error, known.file)
        return Parsed(columns, table.frame)
    return Parsed(columns, parsed)


def ingest(file: str, raw: Path, layout: Layout, trust: Trust) -> Ingested:
    """Return the parsed form of the raw file at `raw`, verifying and parsing it where that was not done.

    Raises
    ------
    FileError
        The file is damaged, or changed while it was read.
    VerificationError
        Its content is not what the manifest says, and the user has not accepted it.
    """
    seen, parsed = layout.seen(raw), layout.parsed(raw)
    sha256 = remembered_sha256(raw, seen)
    ready = current(file, sha256, parsed, trust)
    if ready is not None:
        return ready
    examined = examine(file, raw, trust, sha256)
    known = require_good(examined.verification)
    table = examined.table if examined.table is not None else read_raw(raw)
    if remembered_sha256(raw, seen) != sha256:
        raise FileError(f"{raw} changed while it was read; is something still writing it? Try again")
    return Ingested(known, _kept(table, known, parsed, trust), first_use(known, trust.manifest))


def prepared(file: str, raw: Path, layout: Layout, trust: Trust) -> LockEntry | None:
    """Bring a parsed form up to date in a worker; return what the lock file should say of it. Raises as `ingest`."""
    return ingest(file, raw, layout, trust).to_record
