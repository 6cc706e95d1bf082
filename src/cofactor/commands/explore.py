"""`cofactor explore`: a local page."""

from __future__ import annotations

from typing import Annotated

import typer

from cofactor.commands.options import Data
from cofactor.terminal import say, tell


def explore(
    data: Data = None,
    port: Annotated[int, typer.Option("--port", min=0, max=65535, help="Port; 0 takes any that is free.")] = 0,
    browser: Annotated[bool, typer.Option("--browser/--no-browser", help="Open the page in the browser.")] = True,
) -> None:
    """Open a local page: choose exposure, modifier and outcome, see pictures, interaction and the Python for them."""
    from cofactor.explore import open_page

    open_page(data, port, browser=browser, say=say, tell=tell)
