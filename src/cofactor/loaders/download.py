"""Bring one file from an address: patient with a busy server, plain about a dead address."""

from __future__ import annotations

import datetime as dt
import email.utils
import logging
import shutil
import time
from dataclasses import dataclass
from pathlib import Path

from cofactor.errors import FileError

_LOG = logging.getLogger(__name__)

_GONE = (404, 410)
_BUSY = 429
_CHUNK_BYTES = 1 << 17


class MissingAtSourceError(FileError):
    """The source answers, and does not have the file: trying again does not help."""


class SourceDownError(FileError):
    """The source does not answer, or only with errors: trying later may help."""


@dataclass(frozen=True)
class Patience:
    """How often and how long to wait for a server.

    Attributes
    ----------
    attempts : int
        Tries in all.
    first_wait : float
        Seconds before the second try; doubled each time.
    longest_wait : float
        Seconds; a server that asks for more (Retry-After) is given up on, with what it asked for in the message.
    timeout : float
        Seconds without an answer or a byte.
    """

    attempts: int = 5
    first_wait: float = 1.0
    longest_wait: float = 120.0
    timeout: float = 30.0


def retry_after_seconds(header: str | None, now: dt.datetime) -> float | None:
    """Return the seconds that a Retry-After header asks for (a number, or a date), or None.

    >>> retry_after_seconds("7", dt.datetime.now(dt.timezone.utc))
    7.0
    """
    if header is None:
        return None
    if header.strip().isdigit():
        return float(header)
    try:
        until = email.utils.parsedate_to_datetime(header)
    except ValueError:
        return None
    until = until if until.tzinfo is not None else until.replace(tzinfo=dt.UTC)
    return max(0.0, (until - now).total_seconds())


def _refuse_page(path: Path, url: str) -> None:
    with path.open("rb") as file:
        begin = file.read(256)
    if begin.lstrip()[:1] == b"<":
        raise MissingAtSourceError(
            f"{url} answered with a web page instead of data (it begins with {begin.lstrip()[:20]!r}): "
            "the address is dead, or the file has moved"
        )


def _attempt(url: str, path: Path, patience: Patience) -> tuple[str, float | None]:
    """Try once; return why it failed and how long the server asks to wait, or ("", None) for success."""
    import pooch
    import requests

    bring = pooch.HTTPDownloader(
        chunk_size=_CHUNK_BYTES, timeout=patience.timeout, headers={"User-Agent": "cofactor (NHANES public files)"}
    )
    try:
        bring(url, str(path), None)
    except requests.HTTPError as error:
        status = error.response.status_code
        error.response.close()
        if status in _GONE:
            raise MissingAtSourceError(f"{url} does not exist (status {status}): the address is dead") from error
        if status != _BUSY and status < 500:
            raise MissingAtSourceError(f"{url} is refused by the server (status {status})") from error
        header = error.response.headers.get("Retry-After")
        return f"status {status}", retry_after_seconds(header, dt.datetime.now(dt.UTC))
    except requests.RequestException as error:
        return f"{type(error).__name__}: {error}", None
    return "", None


def download(url: str, path: Path, patience: Patience) -> None:
    """Bring `url` to `path`, trying again after 429, 5xx, a broken connection or a timeout.

    Raises
    ------
    MissingAtSourceError
        The address is dead: 404, 410, another refusal, or a web page with status 200.
    SourceDownError
        The server does not answer, or answers with errors, `patience.attempts` times.
    FileError
        The file cannot be written.
    """
    wait, reason = patience.first_wait, ""
    for attempt in range(1, patience.attempts + 1):
        try:
            reason, asked = _attempt(url, path, patience)
        except FileError:
            raise
        except OSError as error:
            raise FileError(f"cannot write {path.name}: {error.strerror or error}; is the disk full?") from error
        if not reason:
            return _refuse_page(path, url)
        pause = wait if asked is None else asked
        if pause > patience.longest_wait:
            raise SourceDownError(f"{url}: {reason}, and the server asks to wait {pause:.0f} seconds; try again then")
        if attempt < patience.attempts:
            _LOG.info("%s: %s; trying again in %.1f s", url, reason, pause)
            time.sleep(pause)
        wait = min(2 * wait, patience.longest_wait)
    raise SourceDownError(f"{url} cannot be reached ({patience.attempts} attempts; last: {reason}); try again later")


def copy(source: Path, path: Path) -> None:
    """Copy `source`, a file of a mirror, to `path`; raises MissingAtSourceError or FileError as `download`."""
    if not source.is_file():
        raise MissingAtSourceError(f"{source} is not in the mirror")
    try:
        shutil.copyfile(source, path)
    except OSError as error:
        raise FileError(f"cannot copy {source}: {error.strerror or error}; is the disk full?") from error
    _refuse_page(path, str(source))
