"""The section on those who lack an answer: what their absence may do, and what the study says with them."""

from __future__ import annotations

import pandas as pd

from cofactor.report import format as shown
from cofactor.report.content import Block, Bullets, Heading, Picture, Section, Tabular, Words
from cofactor.report.figures import plot_forest, png
from cofactor.report.labels import Labels
from cofactor.report.tables import missing_data as tables
from cofactor.report.tables.missing_data import ENOUGH
from cofactor.study import MissingDataAnswers, StudyResult
from cofactor.study.missing_data import COMPLETE, WEIGHTED_WIDER
from cofactor.study.questions import ADDITIVE, COMPARISON

NAME, TITLE = "missing-data", "Those left out for a missing answer"


def missing_data_section(result: StudyResult, labels: Labels, mark: str) -> Section:
    """Return the section; without imputations it says who is left out and how to ask, and nothing else."""
    if result.study.missing_data is None:
        return Section(NAME, TITLE, ())
    answers = result.missing_answers
    if answers is None:
        return Section(NAME, TITLE, (Words((_left_out(result), _how_to_ask(result))),))
    blocks: list[Block] = [
        Words((_left_out(result),)),
        *answers_picture(result, answers, labels, mark),
        Tabular(tables.answers_table(result, answers, labels)),
        Heading("What each of them takes for granted"),
        Bullets(_assumptions(answers, labels)),
        Words((_reading(),)),
        Tabular(tables.imputed_table(result, answers, labels)),
        Tabular(tables.cells_table(result, answers, labels)),
    ]
    return Section(NAME, TITLE, tuple(blocks))


def _left_out(result: StudyResult) -> str:
    lost, everyone = result.missing.iloc[-1], result.flow.iloc[-1]
    return (
        f"The analyses on one set of rows leave out {shown.count(lost['people'])} of {shown.count(everyone['people'])}"
        f" people ({shown.percent(lost['weighted_percent'])} of the weighted population) and"
        f" {shown.count(lost['deaths'])} of {shown.count(everyone['deaths'])} deaths, because an exposure or a"
        " covariate is unknown."
    )


def _how_to_ask(result: StudyResult) -> str:
    return (
        "Nothing was imputed here. To see whether the answer hangs on these people, ask for it:"
        f" cofactor run {result.study.name} --imputations {ENOUGH} sets the same models beside each other on complete"
        " cases, with the missing covariates imputed, and with people of complete rows weighted for those without."
    )


def _assumptions(answers: MissingDataAnswers, labels: Labels) -> tuple[str, ...]:
    other = ("approach", "people", "known", "share_known", "factor")
    cells = ", ".join(labels.variable(str(name)).lower() for name in answers.cells if name not in other)
    said = [
        "Complete cases, as everywhere else on this page: that being left out has nothing to do with death, among"
        " people with the same exposures and covariates. What those left out did tell is not used.",
        f"Imputed, {answers.m} times: that among people alike in the terms of the model, in death and its time, and in"
        " sample weight, stratum and cycle, those who lack a value are like those who have it (missing at random); and"
        " that the models which draw the values are near enough to the truth.",
        f"Weighted for response: that within cells of {cells}, whether a row is complete has nothing to do with what is"
        " studied. No value is made up, and what those left out told beyond their cell is not used.",
    ]
    if (answers.answers["approach"] == WEIGHTED_WIDER).any():
        said.append(
            "Weighted, exposure not measured included: the same, also for people who were examined and whose exposure"
            " was not measured. They are outside the population of all other lines."
        )
    return tuple(said)


def _reading() -> str:
    return (
        "No data can tell which of these holds, and none of them mends values that are missing because of what they"
        " are. Where all lines agree, the answer does not hang on how the missing were treated; where they differ, ask"
        " who is missing before which line to believe."
    )


def answers_picture(result: StudyResult, answers: MissingDataAnswers, labels: Labels, mark: str) -> tuple[Picture, ...]:
    """Return the forest of the headline's ratios, one line an approach; none where its model was not fitted again."""
    asked = result.study.headline.model
    whole = [
        part.assign(group=_short(part))
        for _, part in tables.questions(result, answers, labels)
        if part["model"].iloc[0] == asked and part["quantity"].iloc[0] != ADDITIVE
    ]
    if not whole:
        return ()
    table = _forest_rows(pd.concat(whole, ignore_index=True))
    said = [
        f"{row['group']}, {row['label']}: {shown.interval(row['ratio'], row['low'], row['high'])}"
        for row in table.to_dict("records")
    ]
    picture = Picture(
        "missing_data",
        "The primary analysis, by how missing answers were treated",
        "Forest plot of hazard ratios and their ratio with 95% intervals. " + "; ".join(said) + ".",
        f"Hazard ratios of {result.study.headline.exposure}, and their ratio. One line a treatment; the diamond is the"
        " one that all other analyses on this page use. The lines share most of their people: they are no independent"
        " confirmations of each other.",
        png(plot_forest(table, xlabel="ratio (logarithmic axis)"), mark),
    )
    return (picture,)


def _short(part: pd.DataFrame) -> str:
    """A heading that fits the picture: the comparison, or what the product is."""
    words = str(part["term"].iloc[0]) if part["quantity"].iloc[0] == COMPARISON else "ratio of hazard ratios"
    return words[:1].upper() + words[1:]


def _forest_rows(rows: pd.DataFrame) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "label": rows["approach"],
            "group": rows["group"],
            "ratio": rows["hazard_ratio"],
            "low": rows["ratio_low"],
            "high": rows["ratio_high"],
            "main": rows["approach"] == COMPLETE,
        }
    )
