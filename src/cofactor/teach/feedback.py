"""What a student hears back: right, or a first hint, and further hints on request."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from html import escape


@dataclass(frozen=True)
class Feedback:
    """The verdict on an answer.

    Attributes
    ----------
    right : bool
    kind : str
        "right", or the name of the mistake that was recognised.
    hints : tuple of str
        From a nudge to what to type; none of them tells the number.
    shown : int
        How many of them are shown.

    Examples
    --------
    >>> feedback = Feedback(False, "unweighted", ("Whom does a row stand for?", "Use the weights."))
    >>> feedback
    Not yet. Whom does a row stand for?
    (1 more hint: add .more())
    >>> feedback.more()
    Not yet. Whom does a row stand for?
    Use the weights.
    """

    right: bool
    kind: str
    hints: tuple[str, ...]
    shown: int = 1

    def more(self) -> Feedback:
        """Return the same feedback with one more hint shown, as far as there are any."""
        return dataclasses.replace(self, shown=min(self.shown + 1, len(self.hints)))

    def __repr__(self) -> str:
        """Return what the student reads."""
        text = ("Right. " if self.right else "Not yet. ") + "\n".join(self.hints[: self.shown])
        left = len(self.hints) - self.shown
        return text if left <= 0 else f"{text}\n({left} more hint{'s' if left > 1 else ''}: add .more())"

    def _repr_html_(self) -> str:
        return "".join(f"<p>{escape(line)}</p>" for line in repr(self).splitlines())
