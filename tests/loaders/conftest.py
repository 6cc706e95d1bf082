"""A small world of files like CDC's, with a manifest of its own, and a loopback server that misbehaves on demand."""

from __future__ import annotations

import csv
import importlib.util
import shutil
import socket
import sys
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pandas as pd
import pyreadstat
import pytest

from cofactor.loaders.digest import sha256_of
from cofactor.loaders.download import Patience
from cofactor.loaders.manifest import Manifest, load_manifest

ROOT = Path(__file__).resolve().parents[2]
PUBLIC = "wwwn.cdc.gov/Nchs/Data/Nhanes/Public"
MORTALITY = "ftp.cdc.gov/pub/Health_Statistics/NCHS/datalinkage/linked_mortality"


@pytest.fixture(autouse=True)
def _loopback_only(monkeypatch: pytest.MonkeyPatch) -> None:
    connect = socket.socket.connect

    def guarded(self: socket.socket, address: Any) -> None:
        if self.family != socket.AF_UNIX and address[0] not in ("127.0.0.1", "::1", "localhost"):
            raise AssertionError(f"a test reached for the network: {address}")
        connect(self, address)

    monkeypatch.setattr(socket.socket, "connect", guarded)


def write_xpt(frame: pd.DataFrame, path: Path, **options: Any) -> Path:
    """Write a transport file of version 5."""
    path.parent.mkdir(parents=True, exist_ok=True)
    pyreadstat.write_xport(frame, str(path), file_format_version=5, table_name=path.stem[:8], **options)
    return path


@pytest.fixture(scope="session")
def xpt() -> Callable[..., Path]:
    return write_xpt


def _demo(people: int, seed: int) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    age = rng.integers(0, 81, people).astype(float)
    income = np.round(rng.uniform(0, 5, people), 2)
    income[rng.random(people) < 0.1] = np.nan
    return pd.DataFrame(
        {
            "SEQN": np.arange(31127, 31127 + people, dtype=float),
            "RIDAGEYR": age,
            "INDFMPIR": income,
            "WTMEC2YR": rng.uniform(0, 2e5, people) / 3,
            "NOTE": rng.choice(["", "spring", "été", "winter"], people),
            "NOTHING": np.full(people, np.nan),
        }
    )


def _activities(people: int) -> pd.DataFrame:
    persons = np.repeat(np.arange(31127, 31127 + people, dtype=float), 2)
    return pd.DataFrame({"SEQN": persons, "PADACTIV": np.tile([10.0, 12.0], people)})


def _products(rows: int) -> pd.DataFrame:
    return pd.DataFrame(
        {"DSDPID": np.arange(1.0, rows + 1), "DSDSUPP": [f"PRODUCT {i % 7}, MAGNESIUM" for i in range(rows)]}
    )


def mortality_line(seqn: int, status: str = "10", cause: str = "   ", flags: str = "..", months: str = "120119") -> str:
    return f"{seqn:06d}".ljust(14) + status + cause + flags + " " * 21 + months


def _mortality(people: int) -> str:
    kinds = (
        {"status": "10", "months": "120119"},
        {"status": "11", "cause": "001", "flags": "01", "months": "30 29 "},
        {"status": "2.", "months": ".  .  "},
        {"status": "11", "cause": "010", "flags": "00", "months": "7  0  "},
    )
    lines = [mortality_line(31127 + i, **kinds[i % 4]).rstrip() for i in range(people)]
    return "\r\n".join(lines) + "\r\n"


@dataclass(frozen=True, eq=False)
class World:
    """A mirror of small files, and the manifest that was made from it."""

    mirror: Path
    manifest: Manifest
    listing: Path

    def path(self, file: str, folder: Path | None = None) -> Path:
        return (self.mirror if folder is None else folder) / self.manifest.records[file].path


@pytest.fixture(scope="session")
def build() -> ModuleType:
    """The script that makes the manifest."""
    return _script("build.py")


@pytest.fixture(scope="session")
def build_codes() -> ModuleType:
    """The script that makes the table of CDC's counts."""
    return _script("build_codes.py")


def _script(name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(name.removesuffix(".py"), ROOT / "data_manifest" / name)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys, "dont_write_bytecode", True)  # the folder ships in the wheel as it is
        spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="session")
def world(tmp_path_factory: pytest.TempPathFactory, build: ModuleType) -> World:
    """Five files; CDC's hash is known of DEMO_D and the mortality file alone."""
    folder = tmp_path_factory.mktemp("world")
    mirror, output = folder / "mirror", folder / "manifest"
    frames = {
        "DEMO_D.xpt": ("2005-2006", f"{PUBLIC}/2005/DataFiles/DEMO_D.xpt", _demo(300, 1)),
        "DEMO_E.xpt": ("2007-2008", f"{PUBLIC}/2007/DataFiles/DEMO_E.xpt", _demo(280, 2)),
        "PAQIAF_D.xpt": ("2005-2006", f"{PUBLIC}/2005/DataFiles/PAQIAF_D.xpt", _activities(100)),
        "DSPI.xpt": ("1999-2023", f"{PUBLIC}/1999/DataFiles/DSPI.xpt", _products(60)),
    }
    rows = []
    for file, (cycle, place, frame) in frames.items():
        path = write_xpt(frame, mirror / place)
        known = sha256_of(path) if file == "DEMO_D.xpt" else ""
        rows.append((file, cycle, f"https://{place}", *frame.shape, "June 2009", known))
    file = "NHANES_2005_2006_MORT_2019_PUBLIC.dat"
    path = mirror / MORTALITY / file
    path.parent.mkdir(parents=True)
    path.write_bytes(_mortality(300).encode())
    rows.append((file, "2005-2006", f"https://{MORTALITY}/{file}", 300, 8, "", sha256_of(path)))
    listing = folder / "files.csv"
    with listing.open("w", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(("file", "cycle", "url", "rows", "columns", "published", "sha256_cdc"))
        writer.writerows(rows)
    build.build(listing, mirror, output, jobs=1)
    return World(mirror, load_manifest(output), listing)


@pytest.fixture
def data(world: World, tmp_path: Path) -> Path:
    """A data folder with every file of the world in it, to be damaged at will."""
    return Path(shutil.copytree(world.mirror, tmp_path / "data"))


@dataclass(frozen=True)
class Answer:
    """How the server answers once. `cut`: bytes sent before the connection breaks; `hang`: seconds of silence there."""

    status: int = 200
    body: bytes | None = None
    headers: dict[str, str] = field(default_factory=dict)
    cut: int | None = None
    hang: float = 0.0


@dataclass(eq=False)
class Server:
    """A mirror on the loopback. `script` holds, by the end of a path, answers to be given before the file itself."""

    url: str
    root: Path
    script: dict[str, list[Answer]]
    asked: list[str] = field(default_factory=list)
    open_now: int = 0
    open_most: int = 0
    guard: Any = field(default_factory=threading.Lock)
    delay: float = 0.0
    closing: threading.Event = field(default_factory=threading.Event)

    def next_answer(self, path: str) -> Answer:
        with self.guard:
            self.asked.append(path)
            for end, answers in self.script.items():
                if path.endswith(end) and answers:
                    return answers.pop(0)
        return Answer()


def _handler(server: Server) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            with server.guard:
                server.open_now += 1
                server.open_most = max(server.open_most, server.open_now)
            try:
                server.closing.wait(server.delay)
                self.answer(server.next_answer(self.path))
            finally:
                with server.guard:
                    server.open_now -= 1

        def answer(self, answer: Answer) -> None:
            path = server.root / self.path.lstrip("/")
            body = answer.body
            if body is None:
                body = path.read_bytes() if path.is_file() else None
            status = 404 if body is None and answer.status == 200 else answer.status
            body = body or b""
            self.send_response(status)
            for name, value in answer.headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body if answer.cut is None else body[: answer.cut])
            self.wfile.flush()
            server.closing.wait(answer.hang)
            self.close_connection = True

        def log_message(self, *_: Any) -> None:
            pass

    return Handler


@pytest.fixture
def server(world: World) -> Iterator[Server]:
    state = Server("", world.mirror, {})
    with ThreadingHTTPServer(("127.0.0.1", 0), _handler(state)) as http:
        http.daemon_threads = True
        http.block_on_close = False
        state.url = f"http://127.0.0.1:{http.server_address[1]}"
        thread = threading.Thread(target=http.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        thread.start()
        yield state
        state.closing.set()
        http.shutdown()


@pytest.fixture
def answer() -> type[Answer]:
    return Answer


@pytest.fixture
def quick() -> Patience:
    """Little patience, so that tests are quick."""
    return Patience(attempts=3, first_wait=0.01, longest_wait=2.0, timeout=5.0)
