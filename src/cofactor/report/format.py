"""Numbers as the page shows them: as many digits as the uncertainty allows, and never more.

The files beside the page (CSV) hold every digit; what is rounded here is for reading.
"""

from __future__ import annotations

import math

UNKNOWN = "–"
"""What stands where there is no number."""


def known(value: float | None) -> bool:
    """Return whether there is a finite number to show."""
    return value is not None and math.isfinite(value)


def count(value: float | None) -> str:
    """Return a count with thousands apart.

    >>> count(12345), count(None)
    ('12,345', '–')
    """
    return f"{round(value):,}" if value is not None and math.isfinite(value) else UNKNOWN


def millions(value: float | None) -> str:
    """Return a weighted count of people in millions.

    >>> millions(203_412_345.6), millions(54_321.0)
    ('203.4 million', '0.05 million')
    """
    if value is None or not math.isfinite(value):
        return UNKNOWN
    size = value / 1e6
    return f"{size:,.{1 if size >= 1 else 2}f} million"


def percent(share: float | None) -> str:
    """Return a percentage, given as such, with one decimal.

    >>> percent(12.345), percent(0.004), percent(0.0)
    ('12.3%', '<0.1%', '0.0%')
    """
    if share is None or not math.isfinite(share):
        return UNKNOWN
    return "<0.1%" if 0 < share < 0.05 else f"{share:.1f}%"


def significant(value: float | None, digits: int = 3) -> str:
    """Return a number to so many significant digits, without exponents for ordinary sizes.

    >>> significant(0.0123456), significant(1234.5), significant(-2.0), significant(0.0)
    ('0.0123', '1,234', '-2.00', '0')
    """
    if value is None or not math.isfinite(value):
        return UNKNOWN
    if value == 0:
        return "0"
    if not 1e-4 <= abs(value) < 1e9:
        return f"{value:.{digits - 1}e}"
    decimals = max(0, digits - 1 - math.floor(math.log10(abs(value))))
    return f"{value:,.{decimals}f}"


def decimals_for(width: float) -> int:
    """Return how many decimals an interval of this width deserves: two, or more where two would hide it.

    >>> [decimals_for(width) for width in (1.5, 0.05, 0.04, 0.004)]
    [2, 2, 3, 4]
    """
    if not math.isfinite(width) or width >= 0.05:
        return 2
    return 3 if width >= 0.005 else 4


def interval(estimate: float | None, low: float | None, high: float | None) -> str:
    """Return an estimate and its interval, with decimals that fit the interval's width.

    >>> interval(0.953, 0.87, 1.04), interval(0.9961, 0.9931, 0.9992), interval(1.2, None, None)
    ('0.95 (0.87 to 1.04)', '0.996 (0.993 to 0.999)', '1.20')
    """
    if estimate is None or not math.isfinite(estimate):
        return UNKNOWN
    if low is None or high is None or not (math.isfinite(low) and math.isfinite(high)):
        return f"{estimate:.2f}"
    decimals = decimals_for(high - low)
    return f"{estimate:.{decimals}f} ({_bound(low, decimals)} to {_bound(high, decimals)})"


def _bound(value: float, decimals: int) -> str:
    return f"{value:,.{decimals}f}" if abs(value) < 1000 else significant(value)


def mean_and_error(mean: float | None, error: float | None) -> str:
    """Return a mean with its standard error in brackets: one significant digit of the error, two of a small one.

    Two digits where they are below 36, as the Particle Data Group rounds.

    >>> mean_and_error(293.624, 7.153), mean_and_error(2.8051, 0.0213), mean_and_error(2014.2, 31.4)
    ('294 (7)', '2.805 (0.021)', '2,014 (31)')
    """
    if mean is None or not math.isfinite(mean):
        return UNKNOWN
    if error is None or not math.isfinite(error) or error <= 0:
        return significant(mean)
    size = math.floor(math.log10(error))
    digits = 2 if error / 10**size < 3.55 else 1
    decimals = min(4, max(0, digits - 1 - size))
    return f"{mean:,.{decimals}f} ({error:,.{decimals}f})"


def p_value(p: float | None) -> str:
    """Return a p-value: two digits, and a bound below 0.001.

    >>> p_value(0.0423), p_value(0.00001), p_value(0.351), p_value(0.999)
    ('0.042', '<0.001', '0.35', '>0.99')
    """
    if p is None or not math.isfinite(p):
        return UNKNOWN
    if p < 0.001:
        return "<0.001"
    if p > 0.99:
        return ">0.99"
    return f"{p:.2g}" if p < 0.1 else f"{p:.2f}"


def degrees(df: float | None) -> str:
    """Return degrees of freedom: whole where they are.

    >>> degrees(131.0), degrees(12.5)
    ('131', '12.5')
    """
    if df is None or not math.isfinite(df):
        return UNKNOWN
    return f"{df:.0f}" if float(df).is_integer() else f"{df:.1f}"


def named(name: str) -> str:
    """Return a name of the program as words, for want of a label.

    >>> named("vitd_25oh_nmol_l")
    'vitd 25oh nmol l'
    """
    return name.replace("_", " ")
