"""What the pages of the site show runs, the commands that they name exist, their links lead somewhere."""

from __future__ import annotations

import doctest
import importlib
import os
import re
import subprocess
import sys
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from .page_text import DOCS, ROOT, hand_written, links_of, python_of

PAGES = hand_written()
SLOW = {"run_on_a_cluster"}
WITH_CODE = [
    pytest.param(path, id=path.stem, marks=[pytest.mark.slow] if path.stem in SLOW else [])
    for path in PAGES
    if python_of(path.read_text(encoding="utf-8")).strip()
]
MADE_AT_BUILD = ("variables/", "reference/", "notebooks/", "benchmarks/")
BUILDING = sorted(path.stem for path in (DOCS / "building").glob("*.py") if path.stem != "__init__")


def title(path: Path) -> str:
    return str(path.relative_to(DOCS))


@pytest.mark.parametrize("path", WITH_CODE)
def test_code_of_a_page_runs_from_top_to_bottom(path: Path, tmp_path: Path) -> None:
    program = tmp_path / f"{path.stem}.py"
    program.write_text(python_of(path.read_text(encoding="utf-8")), encoding="utf-8")
    environment = os.environ | {"MPLBACKEND": "Agg", "COFACTOR_DATA": str(tmp_path / "none"), "TMPDIR": str(tmp_path)}
    done = subprocess.run(
        [sys.executable, program.name], cwd=tmp_path, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr[-3000:]


@pytest.mark.parametrize("path", PAGES, ids=title)
def test_links_within_the_site_lead_to_a_page(path: Path) -> None:
    for link in links_of(path.read_text(encoding="utf-8")):
        target = urlsplit(link)
        if target.scheme or not target.path:
            continue
        place = (path.parent / target.path).resolve()
        inside = str(place.relative_to(DOCS))
        assert place.is_file() or inside.startswith(MADE_AT_BUILD), f"{link} leads nowhere"


@pytest.mark.parametrize("path", PAGES, ids=title)
def test_links_to_the_outside_are_whole_addresses(path: Path) -> None:
    outside = [urlsplit(link) for link in links_of(path.read_text(encoding="utf-8")) if "://" in link]
    assert [link for link in outside if link.scheme != "https" or "." not in link.netloc] == []


def test_variables_that_pages_link_to_exist() -> None:
    from cofactor.cohort import variables

    named = {name for path in PAGES for name in re.findall(r"variables/(\w+)\.md", path.read_text(encoding="utf-8"))}
    assert named - {"index"} <= set(variables())


@pytest.mark.parametrize("path", PAGES, ids=title)
def test_pictures_have_words(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert "![](" not in text
    assert text.count("{image}") + text.count("{figure}") <= text.count(":alt:")
    drawn = len(re.findall(r"^plot_\w+\(.*\.figure$", text, flags=re.MULTILINE))
    assert drawn == len(re.findall(r"^ {4}alt: .{40,}", text, flags=re.MULTILINE))


@pytest.mark.parametrize("name", BUILDING)
def test_examples_of_what_builds_the_site_hold(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(DOCS))
    module = importlib.import_module(f"building.{name}")
    assert doctest.testmod(module, optionflags=doctest.NORMALIZE_WHITESPACE).failed == 0


def test_every_formula_of_the_docstrings_can_be_drawn(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(DOCS))
    mathml = importlib.import_module("building.mathml").mathml
    formulas = [
        formula
        for path in (ROOT / "src").rglob("*.py")
        for formula in re.findall(r":math:`([^`]+)`", path.read_text(encoding="utf-8"))
    ]
    assert formulas
    assert [formula for formula in formulas if not mathml(formula).startswith("<math")] == []


@pytest.mark.parametrize(
    ("test", "of_r"),
    [
        ("test_mean_matches_svymean", True),
        ("test_curve_and_tests_match_r", True),
        ("test_groups_match_survfit", True),
        ("test_coefficients_match_statsmodels_with_frequency_weights", False),
        ("test_labels_of_psus_do_not_matter", False),
    ],
)
def test_comparisons_with_r_are_told_by_the_name_of_the_test(
    test: str, of_r: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.syspath_prepend(str(DOCS))
    assert bool(importlib.import_module("building.measure").OF_R.search(test)) is of_r


def test_the_listener_hears_both_sides_and_changes_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """3 against 4 is a quarter apart, relative to 4; a test that fails still fails, and stops the build."""
    monkeypatch.syspath_prepend(str(DOCS))
    measure = importlib.import_module("building.measure")
    good = tmp_path / "test_good.py"
    good.write_text(
        "import numpy as np, pytest\n"
        "def test_a_matches_r():\n"
        "    np.testing.assert_allclose([1.0, 3.0], [1.0, 4.0], rtol=0.5)\n"
        "    assert [2.0] == pytest.approx([2.5], rel=0.5)\n",
        encoding="utf-8",
    )
    heard = measure.recorded([good], mirror=False)["comparisons"]
    assert [(row["numbers"], row["apart"]) for row in heard] == [(2, 0.25), (1, 0.2)]
    bad = tmp_path / "test_bad.py"
    bad.write_text("import pytest\ndef test_b_matches_r():\n    assert 1.0 == pytest.approx(2.0)\n", encoding="utf-8")
    with pytest.raises(RuntimeError, match="did not hold"):
        measure.recorded([bad], mirror=False)


def test_blocks_are_found_in_plain_fences_and_in_cells() -> None:
    page = (
        "---\nkernelspec: x\n---\ntext\n```python\na = 1\n```\n```{code-cell} python\n---\nmystnb: 1\n---\nb = 2\n```\n"
    )
    assert python_of(page).split() == ["a", "=", "1", "b", "=", "2"]
    assert python_of(page).splitlines()[5] == "a = 1"
    assert python_of("```toml\nx = 1\n```").strip() == ""
    assert links_of("[a](b.md) ![c](d.png)\n```\n[e](f.md)\n```") == ["b.md"]
