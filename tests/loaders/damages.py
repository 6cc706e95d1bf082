"""What can happen to the bytes of a file on a disk or on the way: strategies of damage, shared by the tests."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
from hypothesis import strategies as st

Damage = Callable[[bytes], bytes]

RECORD = 80
KINDS = ("flip", "cut", "drop", "double", "insert", "swap", "fill", "noise")
places = st.floats(0, 1, exclude_max=True)


@st.composite
def damages(draw: Any) -> Damage:
    """Flip bytes, cut, drop, double or swap a piece, insert bytes, blank or zero some, or put noise in their place."""
    kind = draw(st.sampled_from(KINDS))
    spots = draw(st.lists(places, min_size=2, max_size=4))
    byte = draw(st.integers(1, 255))
    length = draw(st.sampled_from([1, 8, RECORD, 2 * RECORD, 5 * RECORD]))
    noise = draw(st.binary(min_size=length, max_size=length)) if kind in ("insert", "noise") else b""

    def damage(raw: bytes) -> bytes:
        at = sorted(int(spot * len(raw)) for spot in spots)
        first, last = at[0], at[-1]
        changes: dict[str, Callable[[], bytes]] = {
            "flip": lambda: _flipped(raw, at, byte),
            "cut": lambda: raw[: first // length * length],
            "drop": lambda: raw[:first] + raw[first + length :],
            "double": lambda: raw[:first] + raw[first : first + length] + raw[first:],
            "insert": lambda: raw[:first] + noise + raw[first:],
            "swap": lambda: _swapped(raw, first // RECORD * RECORD, last // RECORD * RECORD),
            "fill": lambda: _replaced(raw, first, bytes([byte % 2 * 32]) * length),
            "noise": lambda: _replaced(raw, first, noise),
        }
        return changes[kind]()

    return damage


def _flipped(raw: bytes, at: list[int], byte: int) -> bytes:
    changed = bytearray(raw)
    for one in at:
        changed[one] ^= byte
    return bytes(changed)


def _swapped(raw: bytes, a: int, b: int) -> bytes:
    if b + RECORD > len(raw) or a == b:
        return raw[::-1]
    return raw[:a] + raw[b : b + RECORD] + raw[a + RECORD : b] + raw[a : a + RECORD] + raw[b + RECORD :]


def _replaced(raw: bytes, at: int, by: bytes) -> bytes:
    return raw[:at] + by[: len(raw) - at] + raw[at + len(by) :]


def assert_same(found: pd.DataFrame, expected: pd.DataFrame) -> None:
    """Hold numbers to 1e-9 of the sum of their column, as the manifest does, and texts exactly."""
    assert list(found.columns) == list(expected.columns)
    assert len(found) == len(expected)
    for name in expected.columns:
        if pd.api.types.is_numeric_dtype(expected[name].dtype):
            allowed = 1e-9 * np.nansum(np.abs(expected[name])) + 1e-300
            np.testing.assert_allclose(found[name].astype(float), expected[name].astype(float), rtol=0, atol=allowed)
        else:
            pd.testing.assert_series_equal(found[name], expected[name], check_dtype=False)
