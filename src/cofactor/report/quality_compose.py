"""The data-quality page as sections of words, tables and pictures."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from cofactor.report import format as shown
from cofactor.report import quality_pictures, quality_tables
from cofactor.report.content import Block, Picture, Section, Tabular, Words
from cofactor.report.tables import Table
from cofactor.report.tables.model import Column, Row
from cofactor.report.words import DATA_TERMS, notices_of_inputs
from cofactor.study.quality import RULE, DataQuality

QUALITY_PAGE = "data_quality.html"
"""The file of the page."""


@dataclass(frozen=True)
class QualityPage:
    """A page that has no single answer: title, what it says in a few sentences, notices, sections, footer."""

    kicker: str
    title: str
    lead: tuple[str, ...]
    notices: tuple[tuple[str, str], ...]
    sections: tuple[Section, ...]
    footer: str

    @property
    def synthetic(self) -> bool:
        """Whether any input was made up."""
        return any(level == "synthetic" for level, _ in self.notices)

    @property
    def pictures(self) -> tuple[Picture, ...]:
        """All pictures, in the order of the page."""
        return tuple(block for section in self.sections for block in section.blocks if isinstance(block, Picture))


def compose_quality(quality: DataQuality) -> QualityPage:
    """Return the page: all its words, tables and pictures."""
    notices = notices_of_inputs([str(item.get("status", "")) for item in quality.provenance["used"]])
    mark = "SYNTHETIC DATA" if any(level == "synthetic" for level, _ in notices) else ""
    sections = (
        _missing(quality, mark),
        _breaks(quality, mark),
        _changes(quality),
        _values(quality),
        _inputs(quality),
    )
    made = quality.provenance["wasGeneratedBy"]
    revision = f", revision {made['revision']}" if made.get("revision") else ""
    return QualityPage(
        kicker=f"NHANES {quality.cycles[0][:4]}-{quality.cycles[-1][-4:]} · {len(quality.cycles)} cycles ·"
        f" {shown.count(len(quality.names))} variables",
        title=f"Data quality: {quality.title}",
        lead=_lead(quality),
        notices=notices,
        sections=tuple(section for section in sections if section.blocks),
        footer=f"Made by cofactor {made['cofactor']}{revision}, finished {made['finished']} (UTC). The tables with all"
        " digits, the pictures and the provenance lie beside this page.",
    )


def _lead(quality: DataQuality) -> tuple[str, ...]:
    notable = quality.steps[quality.steps["notable"] & ~quality.steps["by_construction"]]
    known = int(notable["explained"].sum())
    asked = quality.counts[quality.counts["asked"].astype(bool)]
    much = int((asked["missing_weighted_share"] >= 0.2).sum())
    return (
        f"Of {shown.count(len(quality.steps))} steps between neighbouring cycles, adjusted for age and sex,"
        f" {shown.count(len(notable))} are notable by one rule for all, not counting dates and follow-up. A known"
        f" change of method lies on {shown.count(known)} of them; for {shown.count(len(notable) - known)} none is"
        " listed: there the population may have changed, or a method that the catalogue does not know of.",
        *_largest(notable),
        f"Of {shown.count(len(asked))} pairs of a variable and a cycle that has it, {shown.count(much)} lack a fifth or"
        f" more of the people in reach; {shown.count(asked['implausible'].gt(0).sum())} hold a value outside its"
        " plausible span. Nothing was dropped for either.",
        "A known change that lies on a step is associated with it in time. That is no proof that it made the step.",
    )


def _largest(notable: pd.DataFrame) -> tuple[str, ...]:
    """The five largest notable steps, each to another cycle or with another known change."""
    order = notable["step_sd"].abs().sort_values(ascending=False, kind="stable").index
    first = notable.loc[order].drop_duplicates(["to", "causes"]).head(5)
    said = [f"{row['variable']} {row['step_sd']:+.2f} SD to {row['to']}" for row in first.to_dict("records")]
    return (f"The largest, one for each change: {'; '.join(said)}.",) if said else ()


def _tables(*tables: Table) -> list[Block]:
    return [Tabular(table) for table in tables if table.rows]


def _missing(quality: DataQuality, mark: str) -> Section:
    pictures = quality_pictures.missingness_pictures(quality, mark)
    return Section("missing-values", "Missing values", (*pictures, *_tables(quality_tables.missing_table(quality))))


def _breaks(quality: DataQuality, mark: str) -> Section:
    notable = quality.steps[quality.steps["notable"]]
    made, found = notable[notable["by_construction"]], notable[~notable["by_construction"]]
    words = (
        "For two neighbouring cycles that have a variable, a linear model in age group × sex (21 groups, narrow where"
        " questions begin) leaves one difference to the cycle: the step. Its standard error is that of the survey's"
        " design (strata, PSUs, each cycle's own weights). Spread is the standard deviation around the means of age and"
        " sex. Flags count as 0 and 1 and have no spread of their own; categories have no step.",
        RULE,
    )
    tables = _tables(
        quality_tables.steps_table(
            quality, found[~found["explained"]], "unexplained", "Notable steps without a known change",
            "Unexplained: the catalogue lists no change of method between these cycles. The population may have"
            " changed.",
        ),
        quality_tables.steps_table(
            quality, found[found["explained"]], "explained", "Notable steps with a known change between the cycles",
            "The changes are those of the variable or of what it is made of, told in full in the next section. Other"
            " changes may lie there too.",
        ),
        quality_tables.steps_table(
            quality, made, "constructed", "Notable steps by construction",
            "Dates and follow-up move on with each cycle.",
        ),
    )  # fmt: skip
    return Section(
        "breaks",
        "Breaks between cycles",
        (Words(words), *quality_pictures.breaks_pictures(quality, mark), *tables) if len(quality.steps) else (),
    )


def _changes(quality: DataQuality) -> Section:
    return Section("changes", "Known changes of method", tuple(_tables(quality_tables.changes_table(quality))))


def _values(quality: DataQuality) -> Section:
    tables = (
        quality_tables.people_table(quality),
        quality_tables.implausible_table(quality),
        quality_tables.recoded_table(quality),
    )
    return Section("values", "People, implausible values, recoded cells", tuple(_tables(*tables)))


def _inputs(quality: DataQuality) -> Section:
    rows = tuple(
        Row(str(item["file"]), (str(item["status"]), str(item["published"] or shown.UNKNOWN), str(item["sha256"])))
        for item in quality.provenance["used"]
    )
    columns = (Column("verified by", words=True), Column("published"), Column("SHA-256", words=True))
    table = Table("inputs", "Input files", "file", columns, rows, folded=len(rows) > quality_tables.FOLD)
    return Section("provenance", "Where this comes from, terms of the data", (*_tables(table), Words(DATA_TERMS)))
