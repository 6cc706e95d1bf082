"""The compiled readings of a Cox fit's matrix: tiles of 64 rows that stay in the processor's first cache.

A tile is held twice, by rows for what is added to the slots, and by columns for the linear predictor and the Gram
matrix, so that each inner loop runs along memory and fills the processor's vectors. The way from one to the other is
the one place where a compiler needs help (`transpose`): by plain loops it took a third of the reading. The exponential
is our own because the library's is called number by number. `cofactor.models.cox_compiled` calls what is here; the
module needs numba and is imported by the first fit that wants it. All compiled code is in this one file since numba
makes its cache anew when the file of a function changes, not when another one does.

The compiler may reorder sums and contract products, but must keep what is not finite: steps are judged by it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ParamSpec, TypeVar

import numpy as np
import numpy.typing as npt
from llvmlite import ir  # type: ignore[import-untyped]
from numba import njit, types
from numba.core import cgutils
from numba.extending import intrinsic

Floats = npt.NDArray[np.float64]
Codes = npt.NDArray[np.uint32]
P = ParamSpec("P")
R = TypeVar("R")

# Inputs may be read-only, as what pandas gives: one signature for all, for each would be compiled by itself.
MATRIX = types.Array(types.float64, 2, "C", readonly=True)
VECTOR = types.Array(types.float64, 1, "C", readonly=True)
CODES = types.Array(types.uint32, 1, "C", readonly=True)
NUMBERS = (VECTOR, types.int64, types.int64, VECTOR, types.boolean)  # of the matrix, steps, shift, ones
TABLE = types.float64[:, ::1]  # written

TILE = 64
AHEAD = 4 * TILE  # rows; the processor foresees what lies in a row, but not the next piece of fifteen columns
LANES = 8  # side of the squares that are turned at once; widths are multiples of it
HEIGHT = TILE + LANES  # of a tile by columns: a bare power of two would put all columns in the same places of the cache


def compiled(*flags: str, signature: Any = None) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Compile a function, and keep the result on disk if there is a folder to keep it in.

    With a signature it is compiled here, or read from the disk; else where another one calls it.
    """

    def made(function: Callable[P, R]) -> Callable[P, R]:
        options: dict[str, Any] = {"nogil": True, "fastmath": set(flags)}
        try:
            return njit(signature, cache=True, **options)(function)  # type: ignore[no-any-return]
        except RuntimeError:  # neither the package's folder nor the user's can be written
            return njit(signature, **options)(function)  # type: ignore[no-any-return]

    return made


@intrinsic
def transpose(typing: Any, source: Any, i: Any, width: Any, target: Any, j: Any, height: Any) -> Any:
    """Turn a square of 8 x 8 numbers: from place i of `source`, with rows `width` apart, to place j of `target`.

    Three rounds of shuffles between pairs of registers exchange blocks of 1, 2 and 4.
    """

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        vector, index = ir.VectorType(ir.DoubleType(), LANES), ir.IntType(64)

        def places(array: int, start: Any, stride: Any) -> list[Any]:
            data = context.make_array(signature.args[array])(context, builder, arguments[array]).data
            steps = [builder.mul(stride, ir.Constant(index, k)) for k in range(LANES)]
            return [builder.bitcast(builder.gep(data, [builder.add(start, k)]), vector.as_pointer()) for k in steps]

        rows = [builder.load(place, align=8) for place in places(0, arguments[1], arguments[2])]
        for step in (1, 2, 4):
            low = [k - step + LANES if k & step else k for k in range(LANES)]
            masks = [ir.Constant(ir.VectorType(ir.IntType(32), LANES), m) for m in (low, [k + step for k in low])]
            for k in (k for k in range(LANES) if not k & step):
                pair = rows[k], rows[k + step]
                rows[k], rows[k + step] = (builder.shuffle_vector(*pair, mask) for mask in masks)
        for row, place in zip(rows, places(3, arguments[4], arguments[5]), strict=True):
            builder.store(row, place, align=8)
        return context.get_dummy_value()

    return types.void(source, i, width, target, j, height), generate


@intrinsic
def prefetch(typing: Any, source: Any, i: Any) -> Any:
    """Ask for place i of `source`, which need not exist, to be brought into the cache."""

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        data = context.make_array(signature.args[0])(context, builder, arguments[0]).data
        byte, flag = ir.IntType(8).as_pointer(), ir.IntType(32)
        kind = ir.FunctionType(ir.VoidType(), [byte, flag, flag, flag])
        function = cgutils.get_or_insert_function(builder.module, kind, "llvm.prefetch.p0")  # type: ignore[no-untyped-call]
        place = builder.bitcast(builder.gep(data, [arguments[1]]), byte)
        builder.call(function, [place, ir.Constant(flag, 0), ir.Constant(flag, 3), ir.Constant(flag, 1)])
        return context.get_dummy_value()

    return types.void(source, i), generate


@compiled("contract")  # reordered sums would undo the reduction of the argument
def exponential(x: Floats, room: Floats) -> None:
    """Replace the numbers of a tile by their exponentials; beyond the range of a double, by its ends."""
    exponent = room.view(np.int64)
    for i in range(TILE):
        v = x[i]
        v = 709.0 if v > 709.0 else v
        v = -708.0 if v < -708.0 else v
        k = np.floor(v * 1.4426950408889634 + 0.5)
        t = v - k * 6.93147180369123816490e-01  # log 2 in two parts
        t = t - k * 1.90821492927058770002e-10
        p = 1.6059043836821613e-10  # 1 / 13!, and so on: within half a unit in the last place for |t| < 0.35
        p = p * t + 2.08767569878681e-09
        p = p * t + 2.505210838544172e-08
        p = p * t + 2.755731922398589e-07
        p = p * t + 2.7557319223985893e-06
        p = p * t + 2.48015873015873e-05
        p = p * t + 0.0001984126984126984
        p = p * t + 0.001388888888888889
        p = p * t + 0.008333333333333333
        p = p * t + 0.041666666666666664
        p = p * t + 0.16666666666666666
        p = p * t + 0.5
        p = p * t + 1.0
        x[i] = p * t + 1.0
        exponent[i] = (np.int64(k) + 1023) << 52
    for i in range(TILE):
        x[i] *= room[i]


@compiled("reassoc", "contract")
def load(
    values: Floats, row_step: int, column_step: int, shift: Floats, ones: bool, start: int, count: int, rows: Floats,
    columns: Floats,
) -> None:  # fmt: skip
    """Bring rows of the matrix, less `shift`, into both forms of a tile; with ones, behind its first column."""
    width = rows.shape[1]
    if column_step != 1:
        for j in range(shift.size):
            at = start + j * column_step
            for i in range(0, TILE, LANES):
                prefetch(values, at + AHEAD + i)  # type: ignore[call-arg]
            for i in range(count):
                columns[j + ones, i] = values[at + i] - shift[j]
        for j in range(0, width, LANES):
            for i in range(0, TILE, LANES):
                transpose(columns, j * HEIGHT + i, HEIGHT, rows, i * width + j, width)  # type: ignore[call-arg]
        return
    if ones:  # two loops: the place of the first column must be known for them to become vectors
        for i in range(count):
            at = (start + i) * row_step
            for j in range(shift.size):
                rows[i, 1 + j] = values[at + j] - shift[j]
    else:
        for i in range(count):
            at = (start + i) * row_step
            for j in range(shift.size):
                rows[i, j] = values[at + j] - shift[j]
    for j in range(0, width, LANES):
        for i in range(0, TILE, LANES):
            transpose(rows, i * width + j, width, columns, j * HEIGHT + i, HEIGHT)  # type: ignore[call-arg]


@compiled("reassoc", "contract")
def begin(ones: bool, rows: Floats, columns: Floats) -> None:
    """Put the column of ones into a tile that the matrix has not."""
    if ones:
        rows[:, 0] = 1.0
        columns[0] = 1.0


@compiled("reassoc", "contract")
def risks(columns: Floats, b: Floats, exposure: Floats, start: int, count: int, r: Floats, room: Floats) -> None:
    """Fill r with exposure times exp(x'b) of the rows of a tile, and with 0 beyond the last row."""
    r[:] = 0.0
    for j in range(b.size):
        for i in range(TILE):
            r[i] += columns[j, i] * b[j]
    exponential(r, room)
    for i in range(count):
        r[i] *= exposure[start + i]
    for i in range(count, TILE):
        r[i] = 0.0


@compiled("reassoc", "contract")
def add_gram(columns: Floats, c: Floats, room: Floats, gram: Floats) -> None:
    """Add the sum of c x x' over a tile to the lower triangle, in squares of 4 x 4 sums that stay in registers."""
    for a in range(0, gram.shape[0], 4):
        for k in range(4):
            for i in range(TILE):
                room[k, i] = c[i] * columns[a + k, i]
        for b in range(0, a + 4, 4):
            s00 = s01 = s02 = s03 = s10 = s11 = s12 = s13 = 0.0
            s20 = s21 = s22 = s23 = s30 = s31 = s32 = s33 = 0.0
            for i in range(TILE):
                u0, u1, u2, u3 = room[0, i], room[1, i], room[2, i], room[3, i]
                v0, v1, v2, v3 = columns[b, i], columns[b + 1, i], columns[b + 2, i], columns[b + 3, i]
                s00, s01, s02, s03 = s00 + u0 * v0, s01 + u0 * v1, s02 + u0 * v2, s03 + u0 * v3
                s10, s11, s12, s13 = s10 + u1 * v0, s11 + u1 * v1, s12 + u1 * v2, s13 + u1 * v3
                s20, s21, s22, s23 = s20 + u2 * v0, s21 + u2 * v1, s22 + u2 * v2, s23 + u2 * v3
                s30, s31, s32, s33 = s30 + u3 * v0, s31 + u3 * v1, s32 + u3 * v2, s33 + u3 * v3
            add_four(gram[a], b, s00, s01, s02, s03)
            add_four(gram[a + 1], b, s10, s11, s12, s13)
            add_four(gram[a + 2], b, s20, s21, s22, s23)
            add_four(gram[a + 3], b, s30, s31, s32, s33)


@compiled("reassoc", "contract")
def add_four(row: Floats, b: int, s0: float, s1: float, s2: float, s3: float) -> None:
    """Add four numbers to a row from place b on."""
    row[b] += s0
    row[b + 1] += s1
    row[b + 2] += s2
    row[b + 3] += s3


@compiled(
    "reassoc", "contract",
    signature=types.void(
        *NUMBERS, VECTOR, VECTOR, CODES, CODES, VECTOR, VECTOR, TABLE, TABLE
    ),
)  # fmt: skip
def gather(
    values: Floats, row_step: int, column_step: int, shift: Floats, ones: bool, b: Floats, exposure: Floats,
    group: Codes, entry: Codes, by_group: Floats, at_entry: Floats, sums: Floats, gram: Floats,
) -> None:  # fmt: skip
    """Add sums by slot and the lower triangle of the Gram matrix over n rows to `sums` (3 T, Q), `gram` (Q, Q).

    As `cofactor.models.cox_pass.gather`. Q is the number of columns with that of ones, and up to a multiple of 8;
    `b` (Q,) is 0 beyond the columns; `entry` is empty where nobody enters late. The number of row i and column j is at
    the place i times `row_step` plus j times `column_step` of `values`, one of which is 1.
    """
    n, width, late = exposure.size, gram.shape[0], entry.size > 0
    rows, columns = np.zeros((TILE, width)), np.zeros((width, HEIGHT))
    r, c, room, weighted = np.zeros(TILE), np.zeros(TILE), np.zeros(TILE), np.zeros((4, TILE))
    begin(ones, rows, columns)
    for start in range(0, n, TILE):
        count = min(TILE, n - start)
        load(values, row_step, column_step, shift, ones, start, count, rows, columns)
        risks(columns, b, exposure, start, count, r, room)
        c[:] = 0.0
        for i in range(count):
            g, one = group[start + i], r[i]
            for j in range(width):
                sums[g, j] += one * rows[i, j]
            hazard = by_group[g]
            if late:
                e = entry[start + i]
                hazard -= at_entry[e]
                at = np.int64(e) + by_group.size
                for j in range(width):
                    sums[at, j] += one * rows[i, j]
            c[i] = one * hazard
        add_gram(columns, c, weighted, gram)


@compiled(
    "reassoc", "contract",
    signature=types.void(
        *NUMBERS, VECTOR, VECTOR, VECTOR, CODES, CODES, CODES, VECTOR, VECTOR, MATRIX, MATRIX,
        TABLE,
    ),
)  # fmt: skip
def psu_scores(
    values: Floats, row_step: int, column_step: int, shift: Floats, ones: bool, b: Floats, exposure: Floats,
    weights: Floats, group: Codes, entry: Codes, psu: Codes, by_group: Floats, at_entry: Floats, drift: Floats,
    at_death: Floats, total: Floats,
) -> None:  # fmt: skip
    """Add the weighted score residuals of n rows to their PSUs' totals, `total` (G, Q).

    As `cofactor.models.cox_pass.scores`: `drift` (2 T, Q) is the sum of `xa` by group, `at_death` (T, Q) is `xd`.
    """
    n, width, late, size = exposure.size, drift.shape[1], entry.size > 0, at_death.shape[0]
    rows, columns = np.zeros((TILE, width)), np.zeros((width, HEIGHT))
    r, room = np.zeros(TILE), np.zeros(TILE)
    begin(ones, rows, columns)
    for start in range(0, n, TILE):
        count = min(TILE, n - start)
        load(values, row_step, column_step, shift, ones, start, count, rows, columns)
        risks(columns, b, exposure, start, count, r, room)
        for i in range(count):
            g, z, one = group[start + i], psu[start + i], r[i]
            hazard = by_group[g]
            if late:
                e = entry[start + i]
                hazard -= at_entry[e]
                for j in range(width):
                    total[z, j] += one * (drift[g, j] - drift[e, j] - hazard * rows[i, j])
            else:
                for j in range(width):
                    total[z, j] += one * (drift[g, j] - hazard * rows[i, j])
            if g >= size:
                weight, at = weights[start + i], np.int64(g) - size
                for j in range(width):
                    total[z, j] += weight * (rows[i, j] - at_death[at, j])
