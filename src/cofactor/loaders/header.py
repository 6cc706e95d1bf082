"""The header of a SAS transport file (version 5): what it says is inside, and whether the length agrees.

The values themselves are read by pyreadstat. It takes a file that was cut in half without a word, which is why
the counts of the header are looked at here. Layout: SAS technical support document TS-140.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from pathlib import Path

from cofactor.errors import FileError

RECORD = 80
_LIBRARY = b"HEADER RECORD*******LIBRARY HEADER RECORD!!!!!!!"
_LIBRARY_8 = b"HEADER RECORD*******LIBV8"
_MEMBER = b"HEADER RECORD*******MEMBER  HEADER RECORD!!!!!!!"
_NAMES = b"HEADER RECORD*******NAMESTR HEADER RECORD!!!!!!!"
_OBSERVATIONS = b"HEADER RECORD*******OBS     HEADER RECORD!!!!!!!"
_NAMES_AT = 7 * RECORD
_NUMERIC, _TEXT = 1, 2


@dataclass(frozen=True)
class TransportHeader:
    """What the header of a transport file declares.

    Attributes
    ----------
    names : tuple of str
        Columns in the order of the file, as they are written in it.
    numeric : tuple of bool
        For each column whether it holds numbers (text otherwise).
    row_bytes : int
        Length of a row.
    data_bytes : int
        Length of what follows the header.
    trailing_blanks : int
        How many blanks stand at the end of that, at most one record of 80 bytes less one.
    """

    names: tuple[str, ...]
    numeric: tuple[bool, ...]
    row_bytes: int
    data_bytes: int
    trailing_blanks: int

    def admits(self, rows: int) -> bool:
        """Whether the length of the file allows `rows` rows, with nothing but padding behind them."""
        rest = self.data_bytes - rows * self.row_bytes
        return 0 <= rest <= self.trailing_blanks


def _refuse_what_is_no_transport_file(raw: bytes, name: str) -> None:
    if not raw:
        raise FileError(f"{name} is empty (0 bytes); fetch it again")
    if raw.lstrip()[:1] == b"<":
        raise FileError(
            f"{name} begins with '<': it is a web page, not data (CDC's server answers a dead address so); "
            "delete it and fetch it again"
        )
    if raw.startswith(_LIBRARY_8):
        raise FileError(f"{name} is a SAS transport file of version 8; NHANES publishes, and this reads, version 5")
    if not raw.startswith(_LIBRARY):
        raise FileError(f"{name} is no SAS transport file: it begins with {raw[:20]!r}; delete it and fetch it again")
    if len(raw) % RECORD:
        raise FileError(
            f"{name} is truncated or damaged: its length, {len(raw):,} bytes, is no multiple of {RECORD}; "
            "fetch it again"
        )


def _expect(raw: bytes, at: int, mark: bytes, name: str) -> None:
    if raw[at : at + len(mark)] != mark:
        what = mark.decode("ascii").split("*")[-1].split(" ")[0]
        raise FileError(f"{name} is damaged: its {what} record is not at byte {at:,}; fetch it again")


def _count(raw: bytes, start: int, stop: int, what: str, name: str) -> int:
    digits = raw[start:stop]
    if not digits.isdigit() or int(digits) == 0:
        raise FileError(f"{name} is damaged: its header gives {digits!r} as {what}; fetch it again")
    return int(digits)


def _columns(raw: bytes, count: int, size: int, name: str) -> tuple[list[str], list[bool], int]:
    names, numeric, row_bytes = [], [], 0
    for index in range(count):
        at = _NAMES_AT + RECORD + index * size
        kind, _, length, _, label = struct.unpack_from(">hhhh8s", raw, at)
        if kind not in (_NUMERIC, _TEXT) or not 1 <= length <= 200 or not label.strip():
            raise FileError(
                f"{name} is damaged: its description of column {index + 1} of {count} makes no sense; fetch it again"
            )
        names.append(label.decode("latin-1").rstrip())
        numeric.append(kind == _NUMERIC)
        row_bytes += length
    return names, numeric, row_bytes


def parse_header(raw: bytes, name: str) -> TransportHeader:
    """Return what the header in the bytes `raw` of the file `name` declares.

    Raises
    ------
    FileError
        No transport file of version 5, or one whose header is damaged or whose length cannot be right.
    """
    _refuse_what_is_no_transport_file(raw, name)
    _expect(raw, 3 * RECORD, _MEMBER, name)
    _expect(raw, _NAMES_AT, _NAMES, name)
    size = _count(raw, 3 * RECORD + 74, 3 * RECORD + 78, "the length of a column's description", name)
    count = _count(raw, _NAMES_AT + 54, _NAMES_AT + 58, "the number of columns", name)
    described = -(-count * size // RECORD) * RECORD
    observations_at = _NAMES_AT + RECORD + described
    _expect(raw, observations_at, _OBSERVATIONS, name)
    names, numeric, row_bytes = _columns(raw, count, size, name)
    data_at = observations_at + RECORD
    tail = raw[max(data_at, len(raw) - RECORD + 1) :]
    return TransportHeader(
        tuple(names), tuple(numeric), row_bytes, len(raw) - data_at, len(tail) - len(tail.rstrip(b" "))
    )


def read_header(path: Path) -> TransportHeader:
    """Return what the header of the transport file at `path` declares; raises as `parse_header`."""
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise FileError(f"cannot read {path}: {error.strerror or error}") from error
    return parse_header(raw, path.name)
