"""What `cofactor catalogue --cycle` says."""

from __future__ import annotations

from cofactor.cohort.coverage import Coverage, Unmapped
from cofactor.cohort.plain_text import filled

WIDTH = 100
_HANG = 17
_NAMED = 6
"""Names that are given where there are many; the rest is counted."""


def coverage_text(found: Coverage, width: int = WIDTH) -> str:
    """Return what a cycle has, what is not mapped with its reason, and which files are not read, in lines of `width`.

    >>> from cofactor.cohort.coverage import coverage
    >>> coverage_text(coverage("2021-2023")).splitlines()[0].startswith("2021-2023 has ")
    True
    """
    lines = [_head(found), "", "Measured, by file"]
    for file, there in sorted(found.by_file.items()):
        lines += _entry(file or "(the cycle)", ", ".join(there), width)
    lines += ["", f"Derived ({len(found.derived)})", *_entry("", ", ".join(found.derived), width, hang=2)]
    lines += ["", f"Not mapped ({len(found.unmapped)})"]
    for (file, reason), those in _grouped(found.unmapped).items():
        lines += _entry(file or "(the cycle)", reason, width)
        lines += _entry("", ", ".join(one.name for one in those), width)
        if instead := tuple(dict.fromkeys(name for one in those for name in one.instead)):
            lines += _entry("", f"All the same there, from other inputs: {_few(instead)}", width)
    lines += ["", f"Not derived, for want of an input ({len(found.lacking)})"]
    for lacking, names in _by_lack(found).items():
        lines += _entry("", ", ".join(names), width, hang=2)
        lines += _entry("", f"without {_few(lacking)}", width, hang=6)
    lines += ["", "Files of the cycle from which nothing is read"]
    lines += _entry("", ", ".join(found.unread) or "none", width, hang=2)
    return "\n".join(lines)


def _head(found: Coverage) -> str:
    measured = sum(map(len, found.by_file.values()))
    there, lacking = measured + len(found.derived), len(found.unmapped) + len(found.lacking)
    return f"{found.cycle} has {there} of the {there + lacking} variables of the catalogue"


def _grouped(unmapped: tuple[Unmapped, ...]) -> dict[tuple[str, str], list[Unmapped]]:
    groups: dict[tuple[str, str], list[Unmapped]] = {}
    for one in sorted(unmapped, key=lambda one: (one.file, one.reason)):
        groups.setdefault((one.file, one.reason), []).append(one)
    return groups


def _by_lack(found: Coverage) -> dict[tuple[str, ...], list[str]]:
    groups: dict[tuple[str, ...], list[str]] = {}
    for name, lacking in found.lacking.items():
        groups.setdefault(lacking, []).append(name)
    return groups


def _few(names: tuple[str, ...]) -> str:
    more = len(names) - _NAMED
    return ", ".join(names) if more < 2 else f"{', '.join(names[:_NAMED])} and {more} more"


def _entry(label: str, text: str, width: int, hang: int = _HANG) -> list[str]:
    if len(label) >= hang:
        return [f"  {label}", *_entry("", text, width, hang)]
    return [f"  {line}".rstrip() for line in filled(label, text, width - 2, hang)]
