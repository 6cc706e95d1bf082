"""What a command says, and with which exit code it ends.

Results go to standard output, everything else to standard error. Exit codes: 0 done, 1 a check failed, 2 an error that
the message tells how to mend, 70 a defect of the program, 130 interrupted.
"""

from __future__ import annotations

import io
import os
import shutil
import sys
import warnings
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, NoReturn, TextIO

import typer

from cofactor.errors import CofactorError, CofactorWarning

if TYPE_CHECKING:
    import pandas as pd

CHECK_FAILED = 1
ERROR = 2
DEFECT = 70
INTERRUPTED = 130

_UNWRAPPED = 400
"""Columns of a table that goes to a file or another program: wide enough that no cell is folded."""

_WIDE = 100
"""Columns of running text at most: longer lines are hard to read."""


def say(text: str = "") -> None:
    """Write a line of the result. A reader that has gone away (``| head``) is no error: the rest goes nowhere."""
    try:
        typer.echo(text)
        sys.stdout.flush()
    except BrokenPipeError:
        _silence(sys.stdout)


def tell(text: str) -> None:
    """Write a line about the work to standard error."""
    typer.echo(text, err=True)


def table_text(frame: pd.DataFrame) -> str:
    """Return a frame of text as a table that fits the terminal; unfolded where the output is no terminal.

    >>> import pandas as pd
    >>> print(table_text(pd.DataFrame({"cycle": ["2005-2006"], "files": ["41"]})))
    cycle      files
    2005-2006  41
    """
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="bold")
    for name in frame.columns:
        table.add_column(Text(str(name)))
    for row in frame.itertuples(index=False):
        table.add_row(*(Text(str(cell)) for cell in row))
    out = io.StringIO()
    colours = sys.stdout.isatty()
    width = None if colours else _UNWRAPPED
    Console(file=out, width=width, force_terminal=colours, no_color="NO_COLOR" in os.environ).print(table)
    return "\n".join(line.rstrip() for line in out.getvalue().splitlines())


def text_width() -> int:
    """Return the width of running text: the terminal's between 60 and 100; 100 where the output is no terminal."""
    if not sys.stdout.isatty():
        return _WIDE
    return min(max(shutil.get_terminal_size((_WIDE, 24)).columns, 60), _WIDE)


def finish(commands: typer.Typer, program: str) -> NoReturn:
    """Run a command line and leave with its exit code; --debug may stand anywhere."""
    arguments = [argument for argument in sys.argv[1:] if argument != "--debug"]
    debug = len(arguments) < len(sys.argv) - 1
    sys.exit(exit_code(lambda: commands(args=arguments, prog_name=program), debug=debug))


def exit_code(command: Callable[[], Any], *, debug: bool = False) -> int:
    """Run a command to its end and return its exit code; errors become a message.

    Parameters
    ----------
    command : callable
        Ends as typer's commands do, by SystemExit, or returns.
    debug : bool
        Show the traceback of an error too; that of a defect is always shown.
    """
    warnings.showwarning = _tell_warning
    try:
        command()
    except SystemExit as end:
        return _ended(end.code)
    except KeyboardInterrupt:
        return _ended(INTERRUPTED)
    except Exception as error:
        return _failed(error, debug)
    return 0


def _failed(error: Exception, debug: bool) -> int:
    expected = isinstance(error, CofactorError | OSError)
    if debug or not expected:
        import traceback

        tell("".join(traceback.format_exception(error)).rstrip())
    if isinstance(error, OSError):
        _silence(sys.stdout)  # if it is the output that cannot be written, Python would fail anew on leaving
        tell(_red("error: ") + f"the system reports: {error}")
    elif expected:
        tell(_red("error: ") + str(error))
    else:
        tell(_red("defect: ") + "this is not your doing; please report the lines above, and the command that you gave")
    return ERROR if expected else DEFECT


def _red(word: str) -> str:
    return typer.style(word, fg="red", bold=True)


def _ended(code: str | int | None) -> int:
    """Typer turns Ctrl-C into an exit code without a word; the word is said here."""
    if code == INTERRUPTED:
        tell("interrupted; files appear whole or not at all, so that the command can simply be given again")
    return code if isinstance(code, int) else 0


def _silence(stream: TextIO) -> None:
    """Let what is still to be written to `stream` go nowhere."""
    with open(os.devnull, "w") as nowhere:  # noqa: PTH123  (a device, not a path)
        os.dup2(nowhere.fileno(), stream.fileno())


def _tell_warning(
    message: Warning | str,
    category: type[Warning],
    filename: str,
    lineno: int,
    file: TextIO | None = None,
    line: str | None = None,
) -> None:
    """Show a warning of the house without the line of code that gave it; any other as Python does."""
    if issubclass(category, CofactorWarning):
        tell(typer.style("warning: ", fg="yellow", bold=True) + str(message))
    else:
        tell(warnings.formatwarning(message, category, filename, lineno, line).rstrip())
