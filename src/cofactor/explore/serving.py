"""The server: bound to loopback, behind its guard."""

from __future__ import annotations

import contextlib
import secrets
import socket
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import parse_qsl

import uvicorn
from shiny import App
from shiny.ui import Tag
from starlette.requests import Request

from cofactor.errors import CofactorError
from cofactor.explore.access import HOST, AsgiApp, Guard
from cofactor.explore.home import Home, opened
from cofactor.explore.page import ASSETS, Opening, page
from cofactor.explore.session import DEFECT, server_of

GRACE = 2
"""Seconds that open pages have to say goodbye when the server ends."""


@dataclass(frozen=True)
class Listening:
    """A socket on loopback that listens, and the token of what will answer there."""

    socket: socket.socket
    token: str

    @property
    def port(self) -> int:
        """The port of the socket."""
        return int(self.socket.getsockname()[1])

    @property
    def address(self) -> str:
        """The whole address of the page, with the token."""
        return f"http://{HOST}:{self.port}/?token={self.token}"


def listen(port: int = 0) -> Listening:
    """Return a socket that listens on loopback alone, at this port or at any that is free (0), and a new token.

    Raises
    ------
    CofactorError
        The port is taken, or not to be had.
    """
    made = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        made.bind((HOST, port))
        made.listen()
    except (OSError, OverflowError) as error:
        made.close()
        raise CofactorError(
            f"port {port} cannot be used ({error}); give another with --port, or none to take any that is free"
        ) from None
    return Listening(made, secrets.token_urlsafe(32))


def application(home: Home) -> App:
    """Return the page as an application, without its guard."""

    def opening(request: Request) -> Tag:
        query = parse_qsl(request.url.query, keep_blank_values=True)
        choices, _ = opened([pair for pair in query if pair[0] != "token"])
        return page(Opening(choices, home.words, home.synthetic, home.explorer is None))

    made = App(opening, server_of(home), static_assets=ASSETS)
    made.sanitize_errors, made.sanitize_error_msg = True, DEFECT
    return made


def guarded(home: Home, listening: Listening) -> AsgiApp:
    """Return the page behind its guard."""
    return Guard(application(home), listening.port, listening.token)


def serve(home: Home, listening: Listening, *, ready: Callable[[], None] = lambda: None) -> None:
    """Serve the page until it is interrupted; `ready` runs before the first request is answered.

    The access log stays off: it would hold the token.
    """
    config = uvicorn.Config(
        guarded(home, listening),
        log_level="warning",
        access_log=False,
        server_header=False,
        ws="websockets-sansio",
        timeout_graceful_shutdown=GRACE,
    )
    ready()
    with contextlib.suppress(KeyboardInterrupt):  # the way to end it, and no failure
        uvicorn.Server(config).run(sockets=[listening.socket])
