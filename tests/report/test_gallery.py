"""Every result has a picture, which can be drawn, says what it shows, and holds the result's own numbers."""

from __future__ import annotations

import dataclasses
import inspect
from html import unescape

import matplotlib as mpl
import numpy as np
import pandas as pd
import pytest
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from cofactor import models, study, survey
from cofactor.errors import CofactorError, StudyError
from cofactor.models import adjust_pvalues
from cofactor.report import figures
from cofactor.report.figures import alt_text, plot, png
from cofactor.report.figures.pictures_of_results import PICTURES
from cofactor.report.figures.style import _figure_png

from ..results import HOSTILE, results
from ..results import survey as people

WITHOUT_PICTURE = {
    "Counts": "how many rows a model used: it stands in the fit's own words",
    "DataQuality": "its pictures are those of the page of data quality: plot_missingness and plot_breaks",
    "MissingDataAnswers": "its picture is that of the report: the answers side by side, by plot_forest",
    "ModelResult": "a part of a StudyResult: plot(result.fit) draws it",
    "Reliability": "its picture is the error dial: plot_error_dial",
}
"""Public classes that are no results to look at by themselves, and why."""

RESULTS = {name: result for name, result in results().items() if name != "no change"}
NAMES = list(RESULTS)

FLOW = pd.DataFrame({
    "step": ["everyone in the files", "aged 20 or over", "with a known recall"], "people": [9000, 5000, 4000],
    "left_false": [0, 4000, 900], "left_unknown": [0, 0, 100],
})  # fmt: skip
FAMILY = adjust_pvalues([0.0001, 0.04, np.nan, 0.3])

OTHERS = {
    "flow": lambda ax: figures.plot_flow(FLOW, ax),
    "p-values": lambda ax: figures.plot_pvalues(FAMILY, ax, names=["all", "heart $x$", "none", HOSTILE]),
    "leave out": lambda ax: figures.plot_leave_out(RESULTS["cox"], ax, term="low_d:low_mg"),
    "distribution": lambda ax: figures.plot_distribution(people(), "vitd", ax, by="education"),
    "estimates": lambda ax: figures.plot_estimates(RESULTS["share"], ax),
    "measures of a table": lambda ax: figures.plot_measures(RESULTS["interaction table"], ax),
    "missing information": lambda ax: figures.plot_missing_information(RESULTS["pooled"], ax),
    "risk differences": lambda ax: figures.plot_standardized_risk(
        RESULTS["standardised risks"], ax, quantity="differences"
    ),
    "uncertainty": lambda ax: figures.plot_surface_uncertainty(RESULTS["surface"], ax),
}


def result_classes() -> set[type]:
    """The public frozen dataclasses of the statistics and of studies' results."""
    found = set()
    for package in (models, survey, study):
        for name in package.__all__:
            item = getattr(package, name)
            if inspect.isclass(item) and dataclasses.is_dataclass(item) and not _is_a_question(item):
                found.add(item)
    return found


def _is_a_question(item: type) -> bool:
    """The parts of a Study say what is asked; they hold no result."""
    return item.__module__ in ("cofactor.study.parts", "cofactor.study.definition", "cofactor.study.questions")


def test_every_public_result_has_a_picture_or_a_reason_to_have_none():
    without = {item.__name__ for item in result_classes() - set(PICTURES)}
    assert without == without & set(WITHOUT_PICTURE)


def test_every_public_result_shows_itself_in_a_notebook():
    assert {item.__name__ for item in result_classes() if not hasattr(item, "_repr_html_")} == {"Counts"}


def test_every_picture_is_tried_here():
    assert {kind.__name__ for kind in PICTURES} - {type(result).__name__ for result in RESULTS.values()} == {
        "StudyResult"  # whose flow is drawn below
    }


@pytest.mark.parametrize("name", NAMES)
def test_result_is_drawn_on_the_axes_given_or_on_its_own(name):
    before = dict(mpl.rcParams)
    ax = Figure(layout="constrained").add_subplot()
    assert plot(RESULTS[name], ax) is ax
    assert png(plot(RESULTS[name])).startswith(b"\x89PNG")
    assert dict(mpl.rcParams) == before


@pytest.mark.parametrize("name", NAMES)
def test_picture_is_said_in_words_with_numbers(name):
    words = alt_text(RESULTS[name])
    assert any(letter.isdigit() for letter in words)
    assert "nan" not in words.split()
    assert len(words) > 40


@pytest.mark.parametrize("draw", OTHERS.values(), ids=OTHERS)
def test_other_pictures_are_drawn_on_the_axes_given_or_on_their_own(draw):
    ax = Figure(layout="constrained").add_subplot()
    assert draw(ax) is ax
    assert isinstance(draw(None), Axes)
    assert png(draw(None)).startswith(b"\x89PNG")


def xs(ax: Axes, marker: str = "o") -> list[float]:
    """Where the marks of a picture stand, across."""
    return [float(x) for line in ax.lines if line.get_marker() == marker for x in np.atleast_1d(line.get_xdata())]


def test_forest_of_a_cox_fit_shows_its_hazard_ratios():
    ax = plot(RESULTS["cox"])
    np.testing.assert_allclose(xs(ax), RESULTS["cox"].table(exponentiate=True)["estimate"])
    assert ax.get_xlabel() == "hazard ratio (logarithmic axis)"


def test_forest_of_a_linear_fit_shows_differences_around_zero_without_the_intercept():
    ax = plot(RESULTS["linear"])
    table = RESULTS["linear"].table().set_index("term")["estimate"].drop("Intercept")
    np.testing.assert_allclose(xs(ax), table)
    assert ax.get_xscale() == "linear"
    assert ax.get_xlim()[0] < 0 < ax.get_xlim()[1]


def test_shares_and_risks_are_shown_in_percent():
    np.testing.assert_allclose(xs(plot(RESULTS["share"])), 100 * RESULTS["share"].values)
    np.testing.assert_allclose(
        xs(plot(RESULTS["standardised risks"])), 100 * RESULTS["standardised risks"].risks.values
    )


def test_cells_without_interaction_are_those_computed_by_hand():
    cells = RESULTS["interaction table"].cells.set_index(["exposure", "modifier"])["estimate"]
    expected = figures.expected_cells(RESULTS["interaction table"].cells).iloc[0]
    assert expected["additive"] == pytest.approx(cells[True, False] + cells[False, True] - 1)
    assert expected["multiplicative"] == pytest.approx(cells[True, False] * cells[False, True])


def test_e_value_lies_on_the_line_of_confounders_that_explain_the_ratio():
    value = RESULTS["e-value"]
    ax = plot(value)
    line = ax.lines[0]
    found = np.interp(value.estimate, line.get_xdata(), line.get_ydata())
    assert found == pytest.approx(value.estimate, rel=1e-3)
    bias = value.estimate**2 / (2 * value.estimate - 1)  # Ding and VanderWeele's bounding factor of the two
    assert bias == pytest.approx(value.ratio)


def test_distribution_is_weighted_and_each_group_adds_up_to_everybody():
    shares, edges = figures.weighted_shares(people(), "vitd", by="sex")
    assert set(shares) == {"men", "women"}
    assert all(share.sum() == pytest.approx(1.0) for share in shares.values())
    data = people().data
    men = data[data["sex"] == "men"]
    inside = men["vitd"].between(edges[3], edges[4], inclusive="left")
    by_hand = men.loc[inside, "analysis_weight"].sum() / men["analysis_weight"].sum()
    assert shares["men"][3] == pytest.approx(by_hand)


def test_design_counts_the_people_of_the_domain_in_each_psu():
    domain = people().within("age_years < 40 and sex == 'men'")
    counted = figures.design_people(domain)
    data = people().data[domain.in_domain]
    assert counted["people"].sum() == len(data)
    assert sorted(counted["people"][counted["people"] > 0]) == sorted(data.groupby(["strata", "psu"]).size())


def test_flow_says_who_left_and_how_many_of_them_are_unknown():
    words = [text.get_text() for text in figures.plot_flow(FLOW).texts]
    assert "4,000 (−1,000, 100 of them unknown)" in words


def test_leaving_out_follows_one_coefficient_and_names_what_there_is():
    rows = figures.leave_out_rows(RESULTS["cox"], "low_mg")
    table = models.leave_out(RESULTS["cox"])
    np.testing.assert_allclose(rows["change_in_se"], table.loc[table["term"] == "low_mg", "change_in_se"])
    with pytest.raises(StudyError, match="there are: low_d, low_mg"):
        figures.plot_leave_out(RESULTS["cox"], term="nothing")


def test_dollars_in_names_are_no_mathematics():
    figure = plot(RESULTS["mean"]).get_figure()
    figure.canvas.draw()
    assert any(r"\$x\$" in text.get_text() for text in figure.axes[0].texts)


@pytest.mark.parametrize(
    ("draw", "match"),
    [
        (lambda: plot({"a": 1}), "has no picture of its own"),
        (lambda: figures.plot_forest(3), "holds no estimates"),
        (lambda: figures.plot_forest(pd.DataFrame({"label": ["a"]})), "ratio, difference or value"),
        (lambda: figures.plot_forest(RESULTS["interaction measures"]), "plot_measures"),
        (lambda: figures.plot_estimates(RESULTS["cox"]), "plot_forest"),
        (lambda: figures.plot_measures(RESULTS["mean"]), "reri"),
        (lambda: figures.plot_flow(pd.DataFrame({"a": [1]})), r"\.flow"),
        (lambda: figures.plot_quantiles(RESULTS["mean"]), "weighted_quantile"),
        (lambda: figures.plot_pvalues(FAMILY, names=["one"]), "one for each"),
        (lambda: figures.plot_surface(RESULTS["surface"].table()), "reference="),
        (lambda: figures.plot_standardized_risk(RESULTS["standardised risks"], quantity="odds"), "there are risks"),
        (lambda: figures.plot_distribution(people(), "vitamin"), "unknown variable"),
        (lambda: figures.plot_imputations(RESULTS["imputations"], variable="bmi"), "unknown variable"),
        (lambda: figures.plot_replicates(RESULTS["replicated"], position=9), "from 0"),
    ],
)
def test_what_cannot_be_drawn_says_what_can(draw, match):
    with pytest.raises(CofactorError, match=match):
        draw()


def test_result_of_a_study_is_drawn_by_its_flow_and_shown_in_tables(result):
    ax = plot(result)
    assert len(ax.patches) == 2 * len(result.flow)
    assert str(result.flow["step"].iloc[1]) in alt_text(result)
    html = result._repr_html_()
    assert html.count("<caption") == html.count("<table") == 3
    assert result.study.question in html


def test_study_shows_its_question_before_it_is_run(study):
    html = study._repr_html_()
    assert html.count("<caption") == 3
    assert study.hash in html
    assert study.models[0].label in unescape(html)
    assert f"of {len(study.models)} rows" in html


def test_picture_in_a_notebook_carries_its_words_for_screen_readers():
    result = RESULTS["e-value"]
    picture, metadata = _figure_png(plot(result).get_figure())
    assert picture.startswith(b"\x89PNG")
    assert metadata == {"alt": alt_text(result)}
