"""How categories become columns: each term adds exactly what the terms before it do not span already."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

from cofactor.models.parse import Term


@dataclass(frozen=True)
class Piece:
    """Part of a term: its factors, and for each category whether all levels have a column (True) or all but one."""

    term: str
    factors: tuple[str, ...]
    full: frozenset[str]


def code_terms(terms: Sequence[Term], categories: frozenset[str]) -> tuple[Piece, ...]:
    """Return the pieces of all terms such that their columns are not collinear by construction.

    `categories` are the texts of the categorical factors. A term spans the products of all subsets of its categories
    with its numbers; subsets that an earlier term with the same numbers spanned are left out, and two that differ in
    one category merge into a full coding of that category: the algorithm of patsy and formulaic.

    Examples
    --------
    >>> from cofactor.models.parse import parse_formula
    >>> for piece in code_terms(parse_formula("sex + sex:age").terms, frozenset({"sex"})):
    ...     print(piece.term, piece.factors, sorted(piece.full))
    Intercept () []
    sex ('sex',) []
    sex:age ('sex', 'age') ['sex']
    """
    spanned: dict[frozenset[str], set[frozenset[str]]] = {}
    pieces: list[Piece] = []
    for term in terms:
        texts = tuple(factor.text for factor in term.factors)
        own = tuple(text for text in texts if text in categories)
        seen = spanned.setdefault(frozenset(texts) - categories, set())
        new = [subset for subset in _subsets(own) if subset not in seen]
        seen.update(new)
        for chosen, full in _merge(new):
            kept = tuple(text for text in texts if text in chosen or text not in categories)
            pieces.append(Piece(term.name, kept, full))
    return tuple(pieces)


def _subsets(items: tuple[str, ...]) -> list[frozenset[str]]:
    return [frozenset(chosen) for size in range(len(items) + 1) for chosen in combinations(items, size)]


def _merge(subsets: list[frozenset[str]]) -> list[tuple[frozenset[str], frozenset[str]]]:
    """Merge S and S + one category into that category fully coded, until nothing merges."""
    parts: list[tuple[frozenset[str], frozenset[str]]] = [(subset, frozenset()) for subset in subsets]
    merged = True
    while merged:
        merged = False
        for small, large in combinations(range(len(parts)), 2):
            extra = parts[large][0] - parts[small][0]
            same = parts[small][0] < parts[large][0] and parts[small][1] == parts[large][1]
            if len(extra) == 1 and same:
                parts[large] = (parts[large][0], parts[large][1] | extra)
                del parts[small]
                merged = True
                break
    return parts
