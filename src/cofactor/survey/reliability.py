"""Whether a proportion may be shown: the presentation standard of NCHS."""

from __future__ import annotations

from dataclasses import dataclass

STANDARD = "NCHS Series 2 No. 175"

SMALLEST_SIZE = 30  # rows, nominal and effective
NARROW, WIDE = 0.05, 0.30  # absolute width of the 95% Korn-Graubard interval
RELATIVE_WIDTH = 1.30  # width over proportion
FEW_DEGREES = 8  # degrees of freedom below which a statistician looks at it


@dataclass(frozen=True)
class Reliability:
    """``ok``, ``review`` or ``suppress``, and why."""

    flag: str
    reasons: str


def presentation_standard(
    share: float, n: float, n_effective: float, low: float, high: float, df: float
) -> Reliability:
    """Judge a proportion by the presentation standard of NCHS for proportions.

    Suppress: fewer than 30 rows or effective rows; an interval of width 0.30 or more; or one wider than 0.05 and wider
    than 130% of the proportion. Review: fewer than 8 degrees of freedom; a proportion of 0 or 1. A complement whose
    interval is relatively wide is a footnote to what may be shown.

    Parameters
    ----------
    share : float
        The proportion, in 0 to 1.
    n, n_effective : float
        Rows, and effective rows (at most n).
    low, high : float
        95% Korn-Graubard limits with the cap.
    df : float
        Degrees of freedom.

    Notes
    -----
    Parker JD et al. (2017), National Center for Health Statistics Data Presentation Standards for Proportions. Vital
    Health Stat 2(175).

    Examples
    --------
    >>> presentation_standard(0.5, 400, 210.0, 0.43, 0.57, 15)
    Reliability(flag='ok', reasons='')
    >>> presentation_standard(0.5, 400, 21.0, 0.28, 0.72, 15).flag
    'suppress'
    """
    suppress = _suppress(share, n, n_effective, high - low)
    if suppress:
        return Reliability("suppress", f"{STANDARD}: {'; '.join(suppress)}")
    review = [f"{df:g} degrees of freedom < {FEW_DEGREES}"] if df < FEW_DEGREES else []
    if share in (0.0, 1.0):
        review.append(f"the proportion is {100 * share:g}%")
    if review:
        return Reliability("review", f"{STANDARD}: {'; '.join(review)}")
    width = high - low
    if width > NARROW and width > RELATIVE_WIDTH * (1.0 - share):
        relative = 100 * width / (1.0 - share)
        return Reliability("ok", f"{STANDARD}: footnote, the complement's interval is {relative:.0f}% of it wide")
    return Reliability("ok", "")


def _suppress(share: float, n: float, n_effective: float, width: float) -> list[str]:
    if n < SMALLEST_SIZE:
        return [f"sample size {n:.0f} < {SMALLEST_SIZE}"]
    if n_effective < SMALLEST_SIZE:
        return [f"effective sample size {n_effective:.1f} < {SMALLEST_SIZE}"]
    if width >= WIDE:
        return [f"interval of width {width:.2f} >= {WIDE:.2f}"]
    if width > NARROW and share > 0.0 and width > RELATIVE_WIDTH * share:
        return [f"interval {100 * width / share:.0f}% of the proportion wide, > {100 * RELATIVE_WIDTH:.0f}%"]
    return []
