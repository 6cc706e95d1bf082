"""Pictures over the time of follow-up: of hazard ratios that may change, and of causes of death that compete."""

from __future__ import annotations

from cofactor.report.content import Picture
from cofactor.report.figures import (
    cumulative_incidence_alt,
    new_panels,
    plot_cumulative_incidence,
    plot_proportional_hazards,
    png,
    proportional_hazards_alt,
)
from cofactor.report.labels import Labels
from cofactor.study import ModelResult, StudyResult


def hazards_picture(result: StudyResult, item: ModelResult, labels: Labels, mark: str) -> Picture | None:
    """Return how the exposure's hazard ratios move over the follow-up; None where the study did not ask."""
    found = item.over_time
    if found is None:
        return None
    table, residuals = found.table(), found.residuals
    terms = list(dict.fromkeys(table["term"]))
    model_has = dict(zip(item.hazard_ratios["term"], item.hazard_ratios["estimate"].astype(float), strict=True))
    panels = new_panels(len(terms))
    said = []
    for axes, term in zip(panels, terms, strict=True):
        part, of_dead = table[table["term"] == term], residuals[residuals["term"] == term]
        name = labels.term(str(term))
        plot_proportional_hazards(part, of_dead, axes, title=name, average=model_has[term])
        said.append(proportional_hazards_alt(part, name=name))
    return Picture(
        f"hazards_over_time_{item.model.name}",
        f"Hazard ratios over the follow-up: {item.model.label}",
        "Smoothed residuals over time. " + "; ".join(said) + ".",
        "Points: scaled Schoenfeld residuals of the deaths, most of which lie outside the picture. Curve and band:"
        " their smooth, which is about the log hazard ratio at that time, and its pointwise 95% interval. Dashed: the"
        " model's own, the same at all times. Where the band leaves it for long, the hazard ratio may change; the test"
        " of proportional hazards below judges all times together.",
        png(panels[0], mark),
    )


def incidence_picture(result: StudyResult, mark: str) -> Picture | None:
    """Return the cumulative incidence of each cause in everyone; None where the study does not ask for it."""
    asked, table = result.study.incidence, result.incidence_curves
    if asked is None or not len(table):
        return None
    return Picture(
        "incidence_curves",
        "Crude cumulative incidence of each cause of death, everyone",
        cumulative_incidence_alt(table, cause=asked.cause),
        "The share that has died of each cause while the others may come first (Aalen and Johansen), weighted, adjusted"
        " for nothing. Shaded: pointwise 95% intervals by the design.",
        png(plot_cumulative_incidence(table, cause=asked.cause), mark),
    )
