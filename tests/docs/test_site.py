"""The site as it is built: no warning, offline, each link and anchor there, readable on a telephone and at night.

Where COFACTOR_TEST_SITE names a folder with the site, that one is looked at, and none is built.
"""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import closing
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
from bs4 import BeautifulSoup

from cofactor.loaders.atomic import one_at_a_time

from .page_text import DOCS, ROOT

playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")

pytestmark = [
    pytest.mark.slow,
    pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning"),
]

SEEN = (
    "index",
    "tutorial",
    "comparison",
    "numbers",
    "conventions",
    "howto/ask_about_another_pair",
    "howto/run_on_a_cluster",
    "variables/vitd_25oh_nmol_l",
    "variables/index",
    "reference/names/cofactor.models.reri",
    "benchmarks/coverage",
)
"""A page of each kind."""


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site, built once for all workers; a warning fails it."""
    if "COFACTOR_TEST_SITE" in os.environ:
        return Path(os.environ["COFACTOR_TEST_SITE"])
    shared = tmp_path_factory.getbasetemp()
    shared = shared.parent if "PYTEST_XDIST_WORKER" in os.environ else shared
    target, done = shared / "site", shared / "site-is-built"
    with one_at_a_time(shared / "site-lock"):
        if not done.exists():
            words = [
                "-m",
                "sphinx",
                "-q",
                "-W",
                "--keep-going",
                "-j",
                "2",
                "-b",
                "html",
                "-d",
                str(shared / "doctrees"),
            ]
            made = subprocess.run(
                [sys.executable, *words, str(DOCS), str(target)], cwd=ROOT, capture_output=True, text=True, check=False
            )
            assert made.returncode == 0, made.stderr[-4000:]
            done.touch()
    return target


@pytest.fixture(scope="module")
def soups(site: Path) -> dict[str, BeautifulSoup]:
    """Every page, parsed."""
    return {
        str(path.relative_to(site)): BeautifulSoup(path.read_text(encoding="utf-8"), "html.parser")
        for path in sorted(site.rglob("*.html"))
        if "_static" not in path.parts
    }


def test_links_and_anchors_within_the_site_are_there(site: Path, soups: dict[str, BeautifulSoup]) -> None:
    anchors = {name: {tag["id"] for tag in soup.find_all(id=True)} for name, soup in soups.items()}
    lost = []
    for name, soup in soups.items():
        for tag in soup.find_all("a", href=True):
            target = urlsplit(tag["href"])
            if target.scheme or target.netloc:
                continue
            place = (site / name).parent / unquote(target.path) if target.path else site / name
            page = os.path.relpath(place, site)
            anchor = unquote(target.fragment)
            if not place.exists() or (anchor and page in anchors and anchor not in anchors[page]):
                lost.append(f"{name}: {tag['href']}")
    assert lost == []


def test_pages_ask_for_nothing_from_elsewhere(soups: dict[str, BeautifulSoup]) -> None:
    asked = {
        str(tag.get("src") or tag.get("href"))
        for soup in soups.values()
        for tag in soup.find_all(["script", "link", "img", "iframe", "source"])
        if urlsplit(str(tag.get("src") or tag.get("href") or "")).netloc
    }
    assert asked == set()


def test_pictures_of_the_pages_have_words(soups: dict[str, BeautifulSoup]) -> None:
    silent = [
        f"{name}: {tag.get('src')}"
        for name, soup in soups.items()
        for tag in soup.find_all("img")
        if len(str(tag.get("alt", ""))) < 40
    ]
    assert silent == []


def test_every_public_name_has_its_page(site: Path) -> None:
    import cofactor

    found = {path.stem.rsplit(".", 1)[-1] for path in (site / "reference" / "names").glob("*.html")}
    assert set(cofactor.__all__) <= found


def test_every_variable_has_its_page(site: Path) -> None:
    from cofactor.cohort import variables

    assert set(variables()) <= {path.stem for path in (site / "variables").glob("*.html")}


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture(scope="module")
def address(site: Path) -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(_Quiet, directory=str(site))) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()


CONTRAST = """() => {
  const parts = colour => colour.match(/[\\d.]+/g).map(Number);
  const linear = v => (v /= 255) <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4;
  const light = ([r, g, b]) => 0.2126 * linear(r) + 0.7152 * linear(g) + 0.0722 * linear(b);
  const ground = e => {
    for (; e; e = e.parentElement) {
      const colour = parts(getComputedStyle(e).backgroundColor);
      if (colour.length < 4 || colour[3] > 0.99) return colour;
    }
    return [255, 255, 255];
  };
  const found = [];
  for (const e of document.querySelectorAll("article :is(p, li, td, th, a, code, pre span)")) {
    const style = getComputedStyle(e), words = e.textContent.trim();
    if (!words || !e.getClientRects().length || style.visibility === "hidden") continue;
    const pair = [light(parts(style.color)), light(ground(e))].sort((a, b) => b - a);
    const ratio = (pair[0] + 0.05) / (pair[1] + 0.05);
    if (ratio < 4.5 && !e.classList.contains("headerlink"))
      found.push(`${ratio.toFixed(2)} ${e.className} ${words.slice(0, 40)}`);
  }
  return found.slice(0, 5);
}"""
"""What of a page's words has less contrast than 4.5, the least that WCAG 2 asks of small text."""


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_pages_fit_a_telephone_can_be_read_and_stay_at_home(
    browser: playwright.Browser, address: str, scheme: str
) -> None:
    faults: list[str] = []
    with closing(browser.new_context(viewport={"width": 390, "height": 844}, color_scheme=scheme)) as context:
        page = context.new_page()
        page.on("request", lambda r: None if r.url.startswith((address, "data:")) else faults.append(f"asks {r.url}"))
        page.on("console", lambda m: faults.append(f"says {m.text}") if m.type == "error" else None)
        for name in SEEN:
            page.goto(f"{address}{name}.html")
            page.wait_for_load_state("networkidle")
            wide = page.evaluate("document.documentElement.scrollWidth")
            faults += [f"{name} is {wide} wide"] if wide > 390 else []
            faults += [f"{name} is pale: {words}" for words in page.evaluate(CONTRAST)]
    assert faults == []


def test_search_works_from_the_keyboard_without_a_network(browser: playwright.Browser, address: str) -> None:
    with closing(browser.new_context(viewport={"width": 1280, "height": 900})) as context:
        page = context.new_page()
        page.goto(f"{address}index.html")
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.textContent").strip() == "Skip to main content"
        page.keyboard.press("Control+k")
        page.keyboard.type("reri")
        page.keyboard.press("Enter")
        page.wait_for_selector("#search-results li a", timeout=60_000)
        found = page.locator("#search-results li a").all_text_contents()
    assert any("reri" in words for words in found), found
