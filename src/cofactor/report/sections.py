"""The sections of the page, in the order in which a careful reader asks."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

from cofactor.report import pictures, words
from cofactor.report.content import Block, Bullets, Heading, Section, Tabular, Words
from cofactor.report.error_dial import error_dial_section
from cofactor.report.labels import Labels, labels_of
from cofactor.report.missing_data import missing_data_section
from cofactor.report.over_time import hazards_picture, incidence_picture
from cofactor.report.tables import Table, checks, confounding, incidence, interaction, population, ratios, standardized
from cofactor.study import StudyResult


def sections_of(result: StudyResult, labels: Labels, mark: str) -> tuple[Section, ...]:
    """Return all sections of a result's page; `mark` is written across each picture."""
    made = (
        _people(result, labels),
        _answer(result, labels),
        _joint(result, labels),
        _every_analysis(result, labels, mark),
        missing_data_section(result, labels, mark),
        error_dial_section(result, labels, mark),
        _shapes(result, labels, mark),
        _survival(result, labels, mark),
        _trust(result, labels, mark),
        _causes(result, labels),
        _subgroups(result),
        _checks(result, labels, mark),
        *(_variant(variant) for variant in result.variants.values()),
        _methods(result),
        _provenance(result),
    )
    return tuple(section for section in made if section.blocks)


def _tables(*tables: Table | None) -> list[Block]:
    return [Tabular(table) for table in tables if table is not None and table.rows]


def _people(result: StudyResult, labels: Labels) -> Section:
    return Section(
        "people",
        "Who was studied",
        tuple(
            _tables(
                population.flow_table(result),
                population.characteristics_table(result, labels),
                population.missing_table(result, labels),
            )
        ),
    )


def _answer(result: StudyResult, labels: Labels) -> Section:
    asked = result.study.headline
    blocks = _tables(
        ratios.sets_table(result, result.models[asked.model], labels),
        ratios.companions_table(result, labels),
    )
    beforehand = (
        f"Fixed beforehand: the claim would be supported by {result.study.supports}; it would be contradicted by"
        f" {result.study.contradicts}.",
    )
    return Section("primary", "The primary analysis and its companions", (Words(beforehand), *blocks))


def _joint(result: StudyResult, labels: Labels) -> Section:
    asked = result.study.headline
    blocks: list[Block] = []
    for item in result.models.values():
        if item.interaction is None or item.model.group not in ("primary", "companion"):
            continue
        if ratios.is_variation(result, item):
            continue
        blocks += _tables(
            interaction.joint_table(result, item, labels), interaction.measures_table(result, item, labels)
        )
        if item.model.name == asked.additive_model:
            blocks += _tables(
                standardized.standardized_table(result, item, labels),
                standardized.restricted_mean_table(result, item, labels),
                ratios.sets_table(result, item, labels),
                interaction.measures_by_set_table(result, item),
            )
    lead = (
        "Joint categories against one reference, in the layout of Knol and VanderWeele (2012): the reference was fixed"
        " beforehand as the category with neither deficit.",
    )
    return Section("interaction", "Both together: interaction on both scales", (Words(lead), *blocks) if blocks else ())


def _every_analysis(result: StudyResult, labels: Labels, mark: str) -> Section:
    sensitivities = [item for item in result.models.values() if item.model.group == "sensitivity"]
    primary = result.models[result.study.headline.model]
    table = ratios.analyses_table(
        result,
        [primary, *sensitivities],
        labels,
        name="sensitivities",
        title="Sensitivity analyses of the primary ratio",
        notes=("All were fixed beforehand and all are shown. The energy-adjusted ones have another unit of magnesium.",)
        if any("energy-adjusted" in item.model.label for item in sensitivities)
        else ("All were fixed beforehand and all are shown.",),
    )
    return Section(
        "sensitivity",
        "Does the answer hold?",
        (
            pictures.forest_picture(result, labels, mark),
            *_tables(table if sensitivities else None, interaction.reri_table(result)),
        ),
    )


def _shapes(result: StudyResult, labels: Labels, mark: str) -> Section:
    drawn = [pictures.curve_picture(result, item, labels, mark) for item in result.models.values()]
    main = [item for item in result.models.values() if item.model.group == "main effects" and item.curve is None]
    first = [item for item in main if not ratios.is_variation(result, item)]
    return Section(
        "shapes",
        "Each by itself: dose and response",
        (
            *(picture for picture in drawn if picture is not None),
            *(
                picture
                for item in result.models.values()
                for picture in pictures.surface_pictures(result, item, labels, mark)
            ),
            *_tables(*(ratios.sets_table(result, item, labels) for item in first)),
        ),
    )


def _survival(result: StudyResult, labels: Labels, mark: str) -> Section:
    causes = incidence_picture(result, mark)
    return Section(
        "survival",
        "Crude survival",
        (
            pictures.survival_picture(result, labels, mark),
            *_tables(population.followed_table(result)),
            *([] if causes is None else [causes]),
            *_tables(incidence.incidence_table(result, labels)),
        ),
    )


def _trust(result: StudyResult, labels: Labels, mark: str) -> Section:
    picture = pictures.trust_picture(result, labels, mark)
    if picture is None:
        return Section("trust", "", ())
    lead = (
        "How much of an association is left when what is known to differ is taken into account? What the adjustment"
        " could not measure may take the rest.",
    )
    tables = _tables(ratios.trust_table(result, labels), confounding.e_value_table(result, labels))
    return Section("trust", "How the hazard ratio changes", (Words(lead), picture, *tables))


def _causes(result: StudyResult, labels: Labels) -> Section:
    bases = [
        item
        for item in result.models.values()
        if item.model.group in ("primary", "main effects") and not ratios.is_variation(result, item)
    ]
    return Section(
        "causes", "Causes of death", tuple(_tables(*(ratios.causes_table(result, item, labels) for item in bases)))
    )


def _subgroups(result: StudyResult) -> Section:
    models = [item for item in result.models.values() if item.model.group == "subgroups"]
    if not models:
        return Section("subgroups", "", ())
    table = ratios.wald_table(
        result,
        models,
        name="subgroups",
        title="One test of heterogeneity for each subgroup variable",
        notes=(
            "No ratio is given by subgroup: with several subgroups, one of them nearly always stands out by chance.",
        ),
    )
    lead = (
        "Exploratory: nothing here supports a claim. Each line asks once whether the primary product differs between"
        " the subgroups.",
    )
    return Section("subgroups", "Subgroups (exploratory)", (Words(lead), *_tables(table)))


def _checks(result: StudyResult, labels: Labels, mark: str) -> Section:
    models = list(result.models.values())
    over_time = [hazards_picture(result, item, labels, mark) for item in models]
    return Section(
        "checks",
        "Checks of the models",
        (
            *(picture for picture in over_time if picture is not None),
            *_tables(
                *(checks.proportional_hazards_table(result, item, labels) for item in models),
                *(table for item in models for table in checks.diagnostics_tables(result, item, labels)),
                population.cut_points_table(result, labels),
                checks.models_table(result),
            ),
        ),
    )


def _variant(variant: StudyResult) -> Section:
    labels = labels_of(variant.study)
    asked = variant.study.headline
    deficits = variant.models[asked.additive_model]
    tables = (
        population.flow_table(variant),
        ratios.sets_table(variant, variant.models[asked.model], labels),
        ratios.companions_table(variant, labels),
        interaction.joint_table(variant, deficits, labels),
        interaction.measures_table(variant, deficits, labels),
        population.missing_table(variant, labels),
    )
    named = [
        dataclasses.replace(table, name=f"{variant.study.name}_{table.name}") for table in tables if table is not None
    ]
    lead = (f"With cut points of its own. {_first_words(variant)}",)
    return Section(variant.study.name, f"Another population: {variant.study.title}", (Words(lead), *_tables(*named)))


def _first_words(variant: StudyResult) -> str:
    answer: Sequence[str] = variant.headline.get("answer", ())
    return answer[0] if answer else ""


def _methods(result: StudyResult) -> Section:
    return Section(
        "methods",
        "Methods",
        (
            Words(result.methods),
            Heading("How to read the numbers"),
            Words(words.READING),
            Heading("Sources of the methods"),
            Bullets(words.SOURCES),
        ),
    )


def _provenance(result: StudyResult) -> Section:
    terms = words.DATA_TERMS
    return Section(
        "provenance",
        "Where this comes from, how to cite it, terms of the data",
        (
            *_tables(checks.run_table(result), checks.inputs_table(result)),
            Heading("How to cite"),
            Bullets(words.how_to_cite(result)),
            Heading("Terms of the data"),
            Words(terms[:1]),
            Bullets(terms[1:-1]),
            Words(terms[-1:]),
        ),
    )
