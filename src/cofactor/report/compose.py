"""A result as a page: the first screen, the notices, the sections."""

from __future__ import annotations

from typing import Any

from cofactor.report.content import FirstScreen, Page
from cofactor.report.format import count
from cofactor.report.labels import labels_of
from cofactor.report.pictures import strip_picture
from cofactor.report.quality_compose import QUALITY_PAGE
from cofactor.report.sections import sections_of
from cofactor.report.words import notices_of
from cofactor.study import StudyResult


def compose(result: StudyResult) -> Page:
    """Return the page of a result: all its words, tables and pictures."""
    notices = notices_of(result)
    mark = "SYNTHETIC DATA" if any(level == "synthetic" for level, _ in notices) else ""
    labels = labels_of(result.study)
    return Page(
        _first_screen(result, mark), notices, sections_of(result, labels, mark), _footer(result), _beside(result)
    )


def _first_screen(result: StudyResult, mark: str) -> FirstScreen:
    study, numbers = result.study, result.headline
    asked, primary = study.headline, numbers["primary"]
    last = result.flow.iloc[-1]
    return FirstScreen(
        kicker=f"NHANES {study.cycles} · {count(last['people'])} people · {count(last['deaths'])} deaths"
        f" · study {study.name}, hash {study.hash[:12]}",
        title=study.title,
        question=study.question,
        answer=tuple(numbers["answer"]),
        number=f"{primary['ratio']:.2f}",
        interval=f"95% interval {_range(primary)}",
        number_words=f"ratio of hazard ratios of {asked.exposure}: {asked.high} over {asked.low}",
        within_words=f"hazard ratio of {asked.exposure}",
        within=tuple((item["label"], f"{item['ratio']:.2f} ({_range(item)})") for item in numbers["within"]),
        strip=strip_picture(result, mark),
        limits=tuple(numbers["limits"]),
    )


def _range(item: dict[str, Any]) -> str:
    return f"{item['low']:.2f} to {item['high']:.2f}"


def _beside(result: StudyResult) -> tuple[tuple[str, str], ...]:
    if result.quality is None:
        return ()
    return ((QUALITY_PAGE, "Data quality: what each cycle has of these variables, and where they break"),)


def _footer(result: StudyResult) -> str:
    made = result.provenance.get("wasGeneratedBy", {})
    revision = made.get("revision")
    return (
        f"Made by cofactor {made.get('cofactor', '')}"
        f"{f', revision {revision}' if revision else ''}, finished {made.get('finished', '')} (UTC). Study hash"
        f" {result.study.hash}. The tables with all digits, the pictures and the provenance lie beside this page."
    )
