"""What is said of the input files, and how the work is cited."""

from __future__ import annotations

import dataclasses

import pytest

from cofactor.report.inputs import inputs_of
from cofactor.report.words import how_to_cite, notices_of


def with_inputs(result, *statuses: str):
    used = [
        {"file": f"F{number}.xpt", "sha256": f"{number:064d}", "status": status}
        for number, status in enumerate(statuses)
    ]
    return dataclasses.replace(result, provenance={**result.provenance, "used": used}, variants={})


def test_every_input_stands_once_also_those_that_a_variant_alone_read(result):
    mine = with_inputs(result, "bytes", "bytes")
    other = with_inputs(result, "bytes", "bytes", "content")
    both = dataclasses.replace(mine, variants={"other": other})
    assert [item["file"] for item in inputs_of(both)] == ["F0.xpt", "F1.xpt", "F2.xpt"]


@pytest.mark.parametrize(
    ("statuses", "levels", "words"),
    [
        (("bytes", "content"), [], ""),
        (("bytes", "synthetic"), ["synthetic", "made-up"], "SYNTHETIC DATA"),
        (("unverified", "bytes", "unverified"), ["warning"], "2 of 3 input files could not be verified"),
        (
            ("accepted", "unverified"),
            ["warning", "warning"],
            "1 of 2 input files with content other than the manifest's",
        ),
    ],
)
def test_notices_say_what_is_not_as_usual(result, statuses, levels, words):
    notices = notices_of(with_inputs(result, *statuses))
    assert [level for level, _ in notices] == levels
    assert words in " ".join(text for _, text in notices)


def test_citation_names_program_study_and_data(result):
    program, analysis, data = how_to_cite(result)
    assert "version 0.1.0, revision c0ffeec0ffee" in program
    assert result.study.hash in analysis
    assert "National Center for Health Statistics" in data
    assert "2001-2018" in data
