"""What was found and measured, as parts of pages: the main study, parity with R, published figures, benchmarks."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

from building.files import drop_others, write_changed
from building.measure import REAL, function_of, parity

BENCHMARKS = """\
# Benchmarks

Every time and coverage that these documents quote, with the machine and the command that made it. The scripts are in
`benchmarks/`.

```{toctree}
:maxdepth: 1

"""


def write(docs: Path) -> None:
    """Write the parts into `docs/made`, and a page for each result of the benchmarks into `docs/benchmarks`."""
    made = docs / "made"
    measured = parity(docs / "_build" / "parity.json")
    write_changed(made / "parity.md", parity_table(measured))
    real = json.loads(REAL.read_text(encoding="utf-8"))
    write_changed(made / "real_people.md", parity_table(real["parity"]))
    write_changed(made / "published.md", published_tables(real["published"]))
    write_changed(made / "last_run.md", f"Last run on {real['day']}, at revision `{real['revision']}`.\n")
    write_changed(made / "main_study.md", main_study((docs.parent / "README.md").read_text(encoding="utf-8")))
    _write_benchmarks(docs)


def main_study(readme: str) -> str:
    """Return what the README says that the main study found, its picture as it lies from the site's first page.

    >>> main_study("# a\\n## What the main job finds\\n![b](docs/images/c.png) d\\n## Other\\n")
    '![b](images/c.png) d\\n'
    """
    found = re.search(r"^## What the main job finds\n(.*?)^## ", readme, flags=re.MULTILINE | re.DOTALL)
    if found is None:
        raise RuntimeError("README.md has no section 'What the main job finds' for the site's first page")
    return found[1].replace("](docs/images/", "](images/").strip() + "\n"


def parity_table(record: dict[str, Any]) -> str:
    """Return a table: what was compared with which function of R, how many numbers, how far apart at most."""
    rows: dict[str, tuple[int, float]] = {}
    for comparison in record["comparisons"]:
        function = comparison["test"].split("[")[0]
        numbers, apart = rows.get(function, (0, 0.0))
        rows[function] = (numbers + comparison["numbers"], max(apart, comparison["apart"]))
    lines = ["| of | what is compared | numbers | largest difference |", "| --- | --- | ---: | ---: |"]
    lines += [
        f"| {subject(test)} | {in_words(test)} | {numbers:,} | {apart:.1e} |" for test, (numbers, apart) in rows.items()
    ]
    total = sum(numbers for numbers, _ in rows.values())
    largest = max((apart for _, apart in rows.values()), default=0.0)
    return "\n".join([*lines, f"| **all** | | **{total:,}** | **{largest:.1e}** |", ""])


def subject(test: str) -> str:
    """Return what a test's file is about.

    >>> subject("tests/models/test_cox_reference.py::test_pbc_matches_svycoxph")
    'Cox'
    """
    file = test.split("::")[0].rsplit("/", 1)[-1]
    words = file.removeprefix("test_").removesuffix(".py").removesuffix("_reference").removesuffix("_nhanes")
    known = {"reference": "description", "cox": "Cox", "glm": "generalised linear", "fine_gray": "Fine-Gray"}
    return known.get(words, words.replace("cox", "Cox").replace("_", " "))


def in_words(test: str) -> str:
    """Return a test's name as a sentence, with R's own names as code.

    >>> in_words("tests/survey/test_reference.py::test_mean_matches_svymean")
    'Mean matches `svymean`'
    """
    words = function_of(test).removeprefix("test_").replace("glm_nb", "glm.nb").replace("p_adjust", "p.adjust")
    words = words.replace("as_svrepdesign", "as.svrepdesign").replace("_", " ")
    words = re.sub(
        r"\b(svy\w+|coxph|survfit|basehaz|dfbeta|mitools|quantreg|degf|regTermTest|[a-z]+\.\w+)\b", r"`\1`", words
    )
    words = re.sub(r"\br\b", "R", words).replace("rs `dfbeta`", "R's `dfbeta`").replace("regtermtest", "`regTermTest`")
    for plain, proper in (
        ("kaplan meiers", "Kaplan-Meier's"),
        ("fine gray", "Fine-Gray"),
        ("nhanes", "NHANES"),
        ("pbc", "PBC"),
    ):
        words = words.replace(plain, proper)
    return words[:1].upper() + words[1:]


def published_tables(record: dict[str, Any]) -> str:
    """Return, source by source, what it has printed and what the same files give here."""
    topics: dict[str, dict[str, list[str]]] = {}
    for row in record["comparisons"]:
        told = record["tests"][row["test"]]
        if "ours" not in row:
            continue
        lines = topics.setdefault(told["module"].rstrip("."), {}).setdefault(about(row["test"], told["says"]), [])
        line = f"| {case_of(row['test'])} | {figures(row['theirs'])} | {figures(row['ours'], row['theirs'])} |"
        lines += [line] if line not in lines else []
    head = ["| case | published | here |", "| --- | --- | --- |"]
    parts: list[str] = []
    for topic, sources in topics.items():
        parts += [f"### {topic}", ""]
        for source, lines in sources.items():
            parts += [source, "", *head, *lines, ""]
    return "\n".join(parts)


def about(test: str, says: str) -> str:
    """Return which source the figures of a test come from and for whom they stand, in the test's words.

    >>> about("tests/published/test_a.py::test_obesity_of_2021[x]", "Data Brief 508.\\n\\nWhy.")
    '**Obesity of 2021.** Data Brief 508. Why.'
    """
    name = function_of(test).removeprefix("test_").replace("_", " ")
    words = re.sub(r"\s+", " ", says).strip().replace("<", "&lt;")
    return f"**{name[:1].upper() + name[1:]}.** {words}".strip()


def case_of(test: str) -> str:
    """Return the case of a test, as its parameters name it.

    >>> case_of("tests/published/test_a.py::test_obesity[2015-2016-published0]")
    '2015-2016'
    """
    case = re.sub(r"-?(?:published|percentiles)\d+|-None", "", test.partition("[")[2].rstrip("]"))
    return case.replace("|", "\\|").replace("<", "&lt;").replace("_", " ")


def figures(values: list[float], like: list[float] | None = None) -> str:
    """Return numbers with the digits that the published ones have, and one more.

    >>> figures([8.8, 10.6]), figures([8.8217, 10.5806], [8.8, 10.6])
    ('8.8; 10.6', '8.82; 10.58')
    """
    if like is None:
        return "; ".join(f"{value:.10g}" for value in values)
    digits = max(len(f"{value:.10g}".partition(".")[2]) for value in like)
    return "; ".join(f"{value:.{digits + 1}f}" for value in values)


def _write_benchmarks(docs: Path) -> None:
    results = sorted((docs.parent / "benchmarks" / "results").glob("*.md"))
    pages = {docs / "benchmarks" / path.name: _with_our_images(path.read_text(encoding="utf-8")) for path in results}
    for path, text in pages.items():
        write_changed(path, text)
    index = docs / "benchmarks" / "index.md"
    write_changed(index, BENCHMARKS + "".join(f"{path.stem}\n" for path in results) + "```\n")
    drop_others(docs / "benchmarks", "*.md", {*pages, index})


def _with_our_images(text: str) -> str:
    """Pictures of a benchmark lie in `docs/images`; from the site's pages they are next door."""
    return re.sub(r"\]\((?:\.\./)*(?:docs/)?images/", "](../images/", text)
