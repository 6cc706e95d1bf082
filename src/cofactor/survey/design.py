"""A complex survey design: weights, strata, PSUs and a domain over rows that are never dropped."""

from __future__ import annotations

import copy
import hashlib
from dataclasses import KW_ONLY, dataclass, field
from functools import cached_property
from typing import Any, Literal, TypeAlias, get_args

import numpy as np
import numpy.typing as npt
import pandas as pd

from cofactor.display import facts_html
from cofactor.errors import DesignError
from cofactor.survey.design_columns import Condition, check_weights, condition_masks, nested_psus, weights_of
from cofactor.survey.memory import Memory

Mask = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.float64]
Indices = npt.NDArray[np.intp]
LonelyPsu: TypeAlias = Literal["error", "adjust", "average", "certainty"]


@dataclass(frozen=True, eq=False, repr=False)
class SurveyDesign:
    """A stratified design with PSUs drawn with replacement, and the domain in question.

    Parameters
    ----------
    data : DataFrame
        Everyone of the survey, n rows; it is not copied, so leave it as it is.
    weight : str
        Column of weights (persons represented by a row); 0 takes a row out of the domain and leaves its PSU in.
    strata, psu : str or None
        Columns; PSUs are numbered within strata. None: a single stratum; each row a PSU.
    domain : expression, boolean Series or None
        Who is in question. An expression is three-valued, and who is unknown is outside.
    lonely_psu : {"error", "adjust", "average", "certainty"}
        What a stratum with a single PSU adds to a variance: see `cofactor.survey.variance.covariance`.

    Attributes
    ----------
    weights : array (n,)
    in_domain : bool array (n,)
        The condition is true and the weight positive.
    psu_index : int array (n,)
        PSU of each row, 0..G-1 in the order of their first row, nested within strata.
    stratum_of_psu : int array (G,)
        Stratum of each PSU, 0..H-1 in the order of their first row.
    domain_unknown : int
        Rows of positive weight for which the condition is unknown.
    memory : Memory or None
        In replication: what was found in the data of the whole design.

    Raises
    ------
    UnknownVariableError
        A column that the data do not have.
    DesignError
        Missing or negative weights, missing strata or PSUs, a boolean Series with another index or missing values, an
        empty domain, an unknown policy.
    FormulaError
        An expression that cannot be understood.

    Examples
    --------
    >>> import pandas as pd
    >>> data = pd.DataFrame({
    ...     "analysis_weight": [2.0, 1, 1, 3], "strata": 1, "psu": [1, 1, 2, 2], "age": [9.0, 30, 44, 60]})
    >>> design = SurveyDesign(data, domain="age >= 20")
    >>> design.degrees_of_freedom()
    1
    """

    data: pd.DataFrame
    _: KW_ONLY
    weight: str = "analysis_weight"
    strata: str | None = "strata"
    psu: str | None = "psu"
    domain: Condition | None = None
    lonely_psu: LonelyPsu = "error"
    weights: Floats = field(init=False)
    in_domain: Mask = field(init=False)
    psu_index: Indices = field(init=False)
    stratum_of_psu: Indices = field(init=False)
    domain_unknown: int = field(init=False)
    domain_text: str = field(init=False)
    _condition: Mask = field(init=False)
    _stratum_labels: tuple[Any, ...] = field(init=False)
    _freedom_of_whole: int | None = field(init=False, default=None)
    memory: Memory | None = field(init=False, default=None)

    def __post_init__(self) -> None:
        if self.lonely_psu not in get_args(LonelyPsu):
            there_are = ", ".join(map(repr, get_args(LonelyPsu)))
            raise DesignError(f"lonely_psu={self.lonely_psu!r} is unknown; there are {there_are}")
        if not isinstance(self.data, pd.DataFrame):
            raise DesignError(f"a design stands on a DataFrame, one row a person, not on {type(self.data).__name__}")
        weights = weights_of(self.data, self.weight)
        psu_index, stratum_of_psu, labels = nested_psus(self.data, self.strata, self.psu)
        everyone = np.ones(len(self.data), dtype=bool)
        self._set(
            weights=weights, psu_index=psu_index, stratum_of_psu=stratum_of_psu, _stratum_labels=labels,
            _condition=everyone, in_domain=weights > 0.0, domain_unknown=0, domain_text="everyone",
        )  # fmt: skip
        if not len(self.data) or not self.in_domain.any():
            raise DesignError(f"the design has no row of positive weight in {self.weight!r} ({len(self.data):,} rows)")
        if self.domain is not None:
            self._restrict(self.domain)

    def _set(self, **values: Any) -> None:
        for name, value in values.items():
            object.__setattr__(self, name, _read_only(value))

    def _restrict(self, condition: Condition) -> None:
        true, unknown = condition_masks(condition, self.data)
        unknown = unknown & self.in_domain
        inside = self.in_domain & true
        text = condition if isinstance(condition, str) else "a given mask"
        if not inside.any():
            false = int((self.in_domain & ~true & ~unknown).sum())
            raise DesignError(
                f"no row is in the domain {text!r}: of {int(self.in_domain.sum()):,} rows of positive weight the "
                f"condition is false for {false:,} and unknown for {int(unknown.sum()):,}; check the condition"
            )
        together = text if self.domain_text == "everyone" else f"({self.domain_text}) and ({text})"
        self._set(
            _condition=self._condition & true, in_domain=inside, domain_text=together,
            domain_unknown=self.domain_unknown + int(unknown.sum()),
        )  # fmt: skip

    def within(self, condition: Condition) -> SurveyDesign:
        """Return the design with its domain further restricted; no row is dropped.

        Parameters
        ----------
        condition : expression, boolean Series or bool array (n,)

        Raises
        ------
        DesignError
            Nobody is left, or the mask does not fit the data.
        """
        made = copy.copy(self)
        made._restrict(condition)
        # `domain` follows, so that dataclasses.replace() of the result keeps the restriction.
        texts = isinstance(condition, str) and (self.domain is None or isinstance(self.domain, str))
        made._set(domain=made.domain_text if texts else pd.Series(made._condition, index=self.data.index))
        return made

    def with_weights(self, weights: npt.ArrayLike) -> SurveyDesign:
        """Return the design with other weights (n,), as replicates have them; the domain's condition stays.

        The weight column of its data (a new frame that shares all other columns) holds them too.

        Raises DesignError where they are missing, negative, of another length, or 0 in the whole domain.
        """
        values = np.array(weights, dtype=np.float64)
        if values.shape != (len(self.data),):
            raise DesignError(f"weights of shape {values.shape} for {len(self.data)} rows")
        check_weights(values, "the weights given")
        inside = self._condition & (values > 0.0)
        if not inside.any():
            raise DesignError(f"the weights given are 0 for all of the domain {self.domain_text!r}")
        made = copy.copy(self)
        made._set(data=self.data.assign(**{self.weight: values}), weights=values, in_domain=inside)
        return made

    def as_replicate(self, factors: npt.ArrayLike) -> SurveyDesign:
        """Return the design with the weights of each PSU multiplied by its factor (G,), as one of many replicates.

        Its degrees of freedom stay those of this design: a half-sample has one PSU a stratum, and no errors of its own
        are asked of it. What was found while this design was `remembering` holds. Raises DesignError as `with_weights`.
        """
        made = self.with_weights(self.weights * np.asarray(factors, dtype=np.float64)[self.psu_index])
        memory = None if self.memory is None else self.memory.replay()
        made._set(_freedom_of_whole=self.degrees_of_freedom(), memory=memory)
        return made

    def remembering(self) -> SurveyDesign:
        """Return the design with a new memory, in which models keep the knots and levels that they find."""
        made = copy.copy(self)
        made._set(memory=Memory())
        return made

    @property
    def n_psu(self) -> int:
        """How many PSUs the whole design has, G."""
        return len(self.stratum_of_psu)

    @property
    def n_strata(self) -> int:
        """How many strata the whole design has, H."""
        return len(self._stratum_labels)

    def stratum_label(self, stratum: int) -> Any:
        """Return the label in the data of a stratum of `stratum_of_psu`."""
        return self._stratum_labels[stratum]

    def psus_holding(self, rows: Mask | None = None) -> Mask:
        """Return which PSUs hold one of `rows` (n,), default those of the domain: (G,)."""
        held = np.zeros(self.n_psu, dtype=bool)
        held[self.psu_index[self.in_domain if rows is None else rows]] = True
        return held

    def degrees_of_freedom(self, rows: Mask | None = None) -> int:
        """Return PSUs - strata among those that hold one of `rows` (n,), default the domain.

        A replicate answers with those of the domain of the whole design.

        Source: Korn EL, Graubard BI (1999), Analysis of Health Surveys, section 5.2. doi:10.1002/9781118032619
        """
        if self._freedom_of_whole is not None:
            return self._freedom_of_whole
        return int(freedom_of(self.stratum_of_psu, self.psus_holding(rows)))

    @cached_property
    def identity(self) -> str:
        """A hash of which rows make which PSU: joint covariances demand the same one."""
        digest = hashlib.blake2b(digest_size=16)
        digest.update(np.ascontiguousarray(self.psu_index).tobytes())
        digest.update(np.ascontiguousarray(self.stratum_of_psu).tobytes())
        digest.update(
            pd.util.hash_pandas_object(self.data.index.to_frame(index=False), index=False).to_numpy().tobytes()
        )
        return digest.hexdigest()

    def _facts(self) -> dict[str, str]:
        unknown = f", unknown for {self.domain_unknown:,}" if self.domain_unknown else ""
        return {
            "rows": f"{len(self.data):,}",
            "domain": f"{int(self.in_domain.sum()):,} rows ({self.domain_text}{unknown})",
            "weight": f"{self.weight}, {self.weights[self.in_domain].sum():,.6g} in the domain",
            "strata": f"{self.n_strata:,}" + (f" ({self.strata})" if self.strata else " (none given)"),
            "PSUs": f"{self.n_psu:,}" + (f" ({self.psu})" if self.psu else " (each row)"),
            "degrees of freedom": f"{self.degrees_of_freedom()}",
            "lonely PSU": self.lonely_psu,
        }

    def __repr__(self) -> str:
        """Say the design in a few lines."""
        return "\n".join(["SurveyDesign", *(f"  {name}: {text}" for name, text in self._facts().items())])

    def _repr_html_(self) -> str:
        return facts_html(self._facts(), caption="Survey design")


def freedom_of(stratum_of_psu: Indices, held: Mask) -> Indices:
    """Return PSUs - strata among the PSUs that are `held`, (G,) or for each of k sets (G, k): a number, or (k,)."""
    strata = np.zeros((int(stratum_of_psu.max(initial=-1)) + 1, *held.shape[1:]), dtype=bool)
    np.logical_or.at(strata, stratum_of_psu, held)
    return np.asarray(held.sum(axis=0) - strata.sum(axis=0), dtype=np.intp)


def _read_only(value: Any) -> Any:
    if isinstance(value, np.ndarray):
        value.setflags(write=False)
    return value
