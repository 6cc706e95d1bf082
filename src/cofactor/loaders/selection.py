"""Which files belong to the cycles that are asked for."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from cofactor.errors import FileError, UnknownVariableError
from cofactor.loaders.cycles import parse_cycles
from cofactor.loaders.manifest import FileRecord, Manifest


def _unknown(file: str, manifest: Manifest) -> FileError:
    hint = str(UnknownVariableError.suggest(file, manifest.records, "the manifest"))
    return FileError(f"the manifest does not know the file {file!r}: {hint.removeprefix('unknown variable ')}")


def select(
    manifest: Manifest, cycles: str | Sequence[str] | None, files: Iterable[str] | None = None
) -> tuple[FileRecord, ...]:
    """Return the records of the files of `cycles` (None: all), with the common files, and of `files` among them.

    Raises
    ------
    StudyError
        The cycles cannot be understood.
    FileError
        A name in `files` that the manifest does not know, or that belongs to another cycle.
    """
    wanted = None if cycles is None else set(parse_cycles(cycles))
    inside = {r.file: r for r in manifest.records.values() if wanted is None or r.is_common or r.cycle in wanted}
    if files is None:
        return tuple(inside.values())
    named = list(dict.fromkeys(files))
    for file in named:
        record = manifest.get(file)
        if record is None:
            raise _unknown(file, manifest)
        if file not in inside:
            raise FileError(f"{file} belongs to {record.cycle}, which is not among the cycles asked for")
    return tuple(inside[file] for file in named)
