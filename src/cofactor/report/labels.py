"""Names of the program in words: the study's own columns, the catalogue's variables, coefficients of a formula."""

from __future__ import annotations

import functools
import re
from collections.abc import Mapping
from dataclasses import dataclass

from cofactor.report.format import named
from cofactor.study import Study

_WRAPPED = re.compile(r"reference\((\w+), '[^']*'\)")
_SPLINE = re.compile(r"(?:rcs|poly)\((\w+)[^)]*\)(?:\[(\w+)\])?")
_LEVEL = re.compile(r"^(\w+)\[(.*)\]$")
_YES = ("True", "true", "yes")


@dataclass(frozen=True)
class Labels:
    """Words for the names of a study."""

    words: Mapping[str, str]
    units: Mapping[str, str]

    def variable(self, name: str) -> str:
        """Return a variable's label, or its name as words, as it begins a line."""
        return _upper_first(self.words.get(name, named(name)))

    def with_unit(self, name: str) -> str:
        """Return a variable's label with its unit, where it has one that the label does not say."""
        label, unit = self.variable(name), self.units.get(name, "")
        return f"{label} ({unit})" if unit and unit not in label else label

    def term(self, term: str) -> str:
        """Return a coefficient's name in words: ``a[level]:b`` becomes "A: level × B"."""
        return _upper_first(" × ".join(self._factor(part) for part in _parts(term)))

    def formula_term(self, term: str) -> str:
        """Return a term of a formula, or "all terms together" for the joint test of all."""
        return "All terms together" if term.lower() == "global" else self.term(term)

    def level(self, term: str) -> str:
        """Return the level that a coefficient is of, or its whole name where it has none."""
        levels = [found[2] for found in map(_LEVEL.match, _parts(term)) if found and found[2] not in _YES]
        return ", ".join(levels) or self.term(term)

    def yes_no(self, name: str, level: str) -> str:
        """Return a level in words: a flag's label with yes or no behind it, another level as it is."""
        answer = {"True": "yes", "False": "no"}.get(level)
        return f"{self.variable(name)}: {answer}" if answer else level

    def _factor(self, text: str) -> str:
        plain = _WRAPPED.sub(r"\1", text)
        spline = _SPLINE.fullmatch(plain)
        if spline:
            piece = f", spline part {spline[2]}" if spline[2] else ", spline"
            return self._inside(spline[1]) + piece
        level = _LEVEL.match(plain)
        if level:
            label = self._inside(level[1])
            return label if level[2] in _YES else f"{label}: {level[2]}"
        return self._inside(plain)

    def _inside(self, name: str) -> str:
        """A label as it stands within a line: its first letter is small, unless it is an abbreviation's."""
        label = self.words.get(name, named(name))
        return label[:1].lower() + label[1:] if label[1:2].islower() else label


def _parts(term: str) -> list[str]:
    """Split a coefficient's name at the colons outside brackets and quotes.

    >>> _parts("reference(a, 'x:y')[low]:b")
    ["reference(a, 'x:y')[low]", 'b']
    """
    parts, depth, quoted, start = [], 0, "", 0
    for place, letter in enumerate(term):
        if quoted:
            quoted = "" if letter == quoted else quoted
        elif letter in "\"'" and depth:
            quoted = letter
        elif letter in "([":
            depth += 1
        elif letter in ")]":
            depth -= 1
        elif letter == ":" and depth == 0:
            parts.append(term[start:place])
            start = place + 1
    return [*parts, term[start:]]


def labels_of(study: Study) -> Labels:
    """Return the words for a study's names: the catalogue's, over them its columns' labels, over them its own."""
    words, units = _catalogue()
    columns = {column.name: column.label or named(column.name) for column in study.columns}
    return Labels({**words, **columns, **dict(study.labels)}, units)


def catalogue_labels() -> Labels:
    """Return the words of the catalogue; a name that it does not know is read as words.

    >>> catalogue_labels().term("my_flag:other_flag")
    'My flag × other flag'
    """
    return Labels(*_catalogue())


@functools.cache
def _catalogue() -> tuple[dict[str, str], dict[str, str]]:
    from cofactor.cohort import catalogue

    table = catalogue().astype({"label": str, "unit": str})
    known = table[table["label"].ne("")]
    return (
        dict(zip(known["name"], known["label"], strict=True)),
        {
            name: unit
            for name, unit in zip(table["name"], table["unit"], strict=True)
            if unit not in ("", "nan", "<NA>")
        },
    )


def _upper_first(label: str) -> str:
    return label[:1].upper() + label[1:]
