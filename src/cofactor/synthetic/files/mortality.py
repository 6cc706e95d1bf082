"""The linked mortality file: fixed width, one line a person, trailing blanks cut."""

from __future__ import annotations

from cofactor.synthetic.deaths import ELIGIBLE
from cofactor.synthetic.people import People

LINE_END = "\r\n"


def mortality_lines(one: People) -> str:
    """Return the text of a cycle's mortality file.

    Columns, counted from 1: 1-14 number, 15 eligibility, 16 vital status, 17-19 cause, 20 and 21 diabetes and
    hypertension among the causes, 43-45 and 46-48 months from interview and examination. "." is missing; a cause is
    blank for the living, and for a death without one.
    """
    deaths = one.deaths
    parts = zip(
        one.sample.seqn.tolist(),
        deaths.eligibility.tolist(),
        deaths.died.tolist(),
        deaths.cause.tolist(),
        deaths.diabetes.tolist(),
        deaths.hypertension.tolist(),
        deaths.from_interview.tolist(),
        [month if seen else None for month, seen in zip(deaths.from_exam.tolist(), one.visit.examined, strict=True)],
        strict=True,
    )
    return "".join(_line(*part) for part in parts)


def _line(
    seqn: int,
    eligibility: int,
    died: bool,
    cause: int,
    diabetes: bool,
    hypertension: bool,
    from_interview: int,
    from_exam: int | None,
) -> str:
    if eligibility != ELIGIBLE:
        fields = f"{seqn:05d}".ljust(14) + f"{eligibility}.   .."
        return (fields.ljust(42) + ".  .").rstrip() + LINE_END
    has_flags = died and cause > 0
    flags = f"{int(diabetes)}{int(hypertension)}" if has_flags else ".."
    leading = f"{cause:03d}" if has_flags else "   "
    fields = f"{seqn:05d}".ljust(14) + f"{eligibility}{int(died)}{leading}{flags}"
    months = f"{from_interview:<3d}" + ("." if from_exam is None else str(from_exam))
    return (fields.ljust(42) + months).rstrip() + LINE_END
