"""What a run of a study returns: everything that a page shows is in it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pandas as pd

from cofactor.display import lines_html, table_html
from cofactor.study.definition import Study
from cofactor.study.parts import Model

if TYPE_CHECKING:
    from cofactor.models import Curve, Fit, InteractionTable, OverTime
    from cofactor.study.missing_data import MissingDataAnswers
    from cofactor.study.quality import DataQuality


@dataclass(frozen=True, eq=False)
class ModelResult:
    """A fitted model and what the study reads from it.

    hazard_ratios : term, estimate, se, low, high, p, df on the log scale, and hazard_ratio, ratio_low, ratio_high.
    comparisons : the same for the model's comparisons. tests : label, terms, f, df1, df2, p. additive : RERI, AP, S and
    the multiplicative product per pair of levels. standardized : quantity ("risk", "difference", "interaction",
    "expected RERI"), the two flags, time, term, estimate, se, low, high, p, df. curve : value, hazard_ratio,
    ratio_low, ratio_high (and the modifier's level). surface : two numbers, estimate, se, low, high, p, df, people, as
    ratios. error_dial : see `cofactor.study.error_dial`. over_time : the exposure's coefficients over the follow-up.
    standardized has "restricted mean" and "difference in restricted mean" too, in months.
    """

    model: Model
    formula: str
    fit: Fit
    hazard_ratios: pd.DataFrame
    comparisons: pd.DataFrame
    tests: pd.DataFrame
    additive: pd.DataFrame | None = None
    interaction: InteractionTable | None = None
    curve: pd.DataFrame | None = None
    proportional_hazards: pd.DataFrame | None = None
    diagnostics: pd.DataFrame | None = None
    weight_reason: str = ""
    standardized: pd.DataFrame | None = None
    surface: pd.DataFrame | None = None
    error_dial: pd.DataFrame | None = None
    over_time: OverTime | None = None

    @property
    def people(self) -> int:
        """Rows used."""
        return self.fit.counts.n_used

    @property
    def events(self) -> int:
        """Events among them."""
        return self.fit.counts.events or 0

    def _repr_html_(self) -> str:
        shown = self.hazard_ratios[["term", "hazard_ratio", "ratio_low", "ratio_high", "p"]]
        said = [f"{self.people:,} people, {self.events:,} events", self.weight_reason]
        return table_html(shown, caption=f"Hazard ratios: {self.model.label}") + lines_html(filter(None, said))


@dataclass(frozen=True, eq=False)
class StudyResult:
    """The result of `run_study`.

    flow : one row a step. cut_points : cut, level, prob, value. characteristics : the weighted Table 1, tidy.
    curves : crude Kaplan-Meier by group, and the people still followed
    by cycle. models : by name. headline : the numbers and words of the first screen.
    provenance : versions, revision, hashes of inputs, options. quality : of the data of the study's variables; None for
    a variant, and where a frame was given. e_values : how strong an unmeasured confounder would have to be.
    incidence : the groups, the cause, time, cumulative_incidence, se, low, high, df and counts.
    incidence_curves : of everyone, by the month.
    missing_answers : of complete cases, imputed and weighted, side by side; None where they were not asked for.
    """

    study: Study
    flow: pd.DataFrame
    cut_points: pd.DataFrame
    characteristics: pd.DataFrame
    curves: Curve
    at_risk_by_cycle: pd.DataFrame
    models: Mapping[str, ModelResult]
    headline: Mapping[str, Any]
    methods: tuple[str, ...]
    provenance: Mapping[str, Any]
    weight_reason: str
    missing: pd.DataFrame
    counted: pd.DataFrame
    variants: Mapping[str, StudyResult] = field(default_factory=dict)
    quality: DataQuality | None = None
    e_values: pd.DataFrame = field(default_factory=pd.DataFrame)
    incidence: pd.DataFrame = field(default_factory=pd.DataFrame)
    incidence_curves: pd.DataFrame = field(default_factory=pd.DataFrame)
    missing_answers: MissingDataAnswers | None = None

    def tables(self) -> dict[str, pd.DataFrame]:
        """Return every tidy table by name, as the CSV files hold them, variants' tables under `variant/name`."""
        tables = {
            "flow": self.flow,
            "cut_points": self.cut_points,
            "characteristics": self.characteristics,
            "missing": self.missing,
            "counted": self.counted,
            "survival_curves": self.curves.table(),
            "at_risk_by_cycle": self.at_risk_by_cycle,
            "hazard_ratios": self._stacked("hazard_ratios"),
            "comparisons": self._stacked("comparisons"),
            "tests": self._stacked("tests"),
            "additive_interaction": self._stacked("additive"),
            "standardized_risks": self._stacked("standardized"),
            "surfaces": self._stacked("surface"),
            "proportional_hazards": self._stacked("proportional_hazards"),
            "dose_response": self._stacked("curve"),
            "diagnostics": self._stacked("diagnostics"),
            "e_values": self.e_values,
            "incidence_of_causes": self.incidence,
            "incidence_curves": self.incidence_curves,
            "error_dial": self._stacked("error_dial"),
            "models": self.model_list(),
        }
        for name, result in self.models.items():
            if result.over_time is not None:
                tables[f"over_time_{name}"] = result.over_time.table()
            if result.interaction is not None:
                tables[f"interaction_{name}"] = result.interaction.table()
        if self.missing_answers is not None:
            tables["missing_data"] = self.missing_answers.answers
            tables["imputed_variables"] = self.missing_answers.imputed
            tables["response_cells"] = self.missing_answers.cells
        if self.quality is not None:
            tables.update(self.quality.tables())
        for name, variant in self.variants.items():
            tables.update({f"{name}/{key}": table for key, table in variant.tables().items()})
        return {name: table for name, table in tables.items() if len(table)}

    def _repr_html_(self) -> str:
        flow = self.flow[["step", "people", "weighted", "deaths"]]
        models = self.model_list()[["model", "label", "n_used", "events", "df", "weight"]]
        parts = [
            lines_html([self.study.title, self.study.question]),
            table_html(flow, caption="Who is in: people left after each step"),
            self.models[self.study.headline.model]._repr_html_(),
            table_html(models, caption="Models", row_headers=2),
            lines_html(["tables: " + ", ".join(self.tables())]),
        ]
        return "".join(parts)

    def model_list(self) -> pd.DataFrame:
        """Return one row a model: its formula, rows, events, weight and notes."""
        return pd.DataFrame([_model_row(self.study, result) for result in self.models.values()])

    def _stacked(self, part: str) -> pd.DataFrame:
        tables = []
        for result in self.models.values():
            table = getattr(result, part)
            if table is not None and len(table):
                lead = pd.DataFrame(
                    {
                        "model": result.model.name,
                        "group": result.model.group,
                        "outcome": result.model.outcome,
                        "adjustment": result.model.adjustment,
                        "rows": result.model.rows,
                    },
                    index=table.index,
                )
                tables.append(pd.concat([lead, table], axis=1))
        return pd.concat(tables, ignore_index=True) if tables else pd.DataFrame()


def _model_row(study: Study, result: ModelResult) -> dict[str, Any]:
    counts = result.fit.counts
    return {
        "model": result.model.name,
        "label": result.model.label,
        "group": result.model.group,
        "outcome": study.outcome(result.model.outcome).label,
        "adjustment": study.adjustment(result.model.adjustment).label,
        "rows": result.model.rows,
        "subset": result.model.subset or "",
        "n_domain": counts.n_domain,
        "n_used": counts.n_used,
        "events": result.events,
        "df": result.fit.df,
        "weight": result.weight_reason,
        "formula": result.formula,
        "notes": "; ".join(result.fit.notes),
    }
