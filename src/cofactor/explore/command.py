"""`cofactor explore`: from a data folder to a page in the browser."""

from __future__ import annotations

import importlib.util
import threading
import webbrowser
from collections.abc import Callable
from pathlib import Path

from cofactor.errors import CofactorError
from cofactor.explore.explorer import Explorer
from cofactor.explore.home import home_of

NEEDED = ("shiny", "uvicorn", "starlette")


def open_page(
    data: Path | None, port: int, *, browser: bool, say: Callable[[str], None], tell: Callable[[str], None]
) -> None:
    """Serve the page on this machine until it is interrupted, and say its address.

    Parameters
    ----------
    data : Path or None
        The data folder; None for the default one.
    port : int
        0 for any that is free.
    browser : bool
        Open the page in the browser.
    say, tell : function
        Take the address, and what to know of it.

    Raises
    ------
    CofactorError
        The libraries of the page are not installed, or the port cannot be used.
    FileError
        The folder that was named does not exist.
    """
    check_installed()
    home = home_of(data)
    from cofactor.explore.serving import listen, serve

    listening = listen(port)

    def ready() -> None:
        say(listening.address)
        tell("The page is on this machine alone, and opens by this address alone. Ctrl+C ends it.")
        if home.explorer is not None:
            threading.Thread(target=warm, args=(home.explorer,), daemon=True).start()
        if browser:
            threading.Thread(target=webbrowser.open, args=(listening.address,), daemon=True).start()

    serve(home, listening, ready=ready)


def check_installed() -> None:
    """Raise CofactorError, saying how to install them, unless the libraries of the page are there."""
    missing = [name for name in NEEDED if importlib.util.find_spec(name) is None]
    if missing:
        raise CofactorError(
            f"the page needs {', '.join(missing)}, not installed here: pip install 'cofactor[explore]', or in a"
            " checkout `make setup`"
        )


def warm(explorer: Explorer) -> None:
    """Answer the first question, so that it is there when the browser asks; what goes wrong is told on the page."""
    import contextlib

    from cofactor.explore.choices import FIRST
    from cofactor.explore.plan import plan_of
    from cofactor.explore.results import PARTS

    for part in PARTS:
        with contextlib.suppress(CofactorError):
            part.show(explorer, plan_of(FIRST), False)
