"""The page as its reader has it, in headless Chromium: by mouse, by keyboard, on a telephone, with nonsense in it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from cofactor.explore.home import PEOPLE, SEED

playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")

pytestmark = [
    pytest.mark.slow,
    pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning"),
]

PATIENCE = 60_000
"""Milliseconds that a test waits: the limits of time are measured elsewhere, and a busy machine is no failure."""

HARMLESS = re.compile("DEPRECATED")
"""Shiny's date picker, which the page does not use, says so of its own translations."""


@pytest.fixture
def page(browser: playwright.Browser) -> Iterator[playwright.Page]:
    with closing(browser.new_context(viewport={"width": 1280, "height": 900})) as context:
        made = context.new_page()
        made.set_default_timeout(PATIENCE)
        yield made


def _open(page: playwright.Page, address: str, more: str = "") -> None:
    page.goto(address + more)
    page.wait_for_selector("#interaction table")
    _settle(page)


def _settle(page: playwright.Page) -> None:
    """Wait until the server has nothing more to say."""
    page.wait_for_timeout(300)
    page.locator("html:not(.shiny-busy)").wait_for(state="attached")
    page.wait_for_timeout(100)


def _type_condition(page: playwright.Page, text: str) -> None:
    page.get_by_label("Only people with").fill(text)
    page.keyboard.press("Enter")
    _settle(page)


def test_nothing_is_fetched_from_elsewhere_and_the_token_leaves_the_address(
    page: playwright.Page, address: str
) -> None:
    seen: list[str] = []
    complaints: list[str] = []
    page.route("**/*", lambda route: (seen.append(route.request.url), route.continue_()))
    page.on("websocket", lambda socket: seen.append(socket.url))
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    _open(page, address)
    own = urlsplit(address).netloc
    assert len(seen) > 10
    assert not [url for url in seen if urlsplit(url).netloc != own and not url.startswith("data:")]
    assert "token" not in page.url
    assert not complaints


def test_the_page_shows_every_part_and_python_that_gives_its_numbers(
    page: playwright.Page, address: str, capsys: pytest.CaptureFixture[str]
) -> None:
    _open(page, address)
    ran: dict[str, object] = {}
    exec(page.text_content("#shown_code") or "", ran)
    capsys.readouterr()
    measured = ran["table"].measures.set_index("term").loc["RERI"]
    shown = page.inner_text("#interaction")
    assert f"{measured['estimate']:.2f} ({measured['low']:.2f} to {measured['high']:.2f})" in shown
    assert "Ratio of hazard ratios (product term)" in shown
    for alt in ("Weighted histogram of Serum 25-hydroxyvitamin D", "Hazard ratio of death from any cause along"):
        assert page.locator(f'img[alt^="{alt}"]').count() == 1
    assert "weight_diet_day1: the smallest subsample" in page.inner_text("#people")


def test_synthetic_data_are_called_so_large_on_the_page(page: playwright.Page, address: str) -> None:
    _open(page, address)
    banner = page.get_by_text("SYNTHETIC DATA", exact=True)
    assert banner.is_visible()
    assert float(banner.evaluate("words => parseFloat(getComputedStyle(words).fontSize)")) >= 22


def test_the_keyboard_alone_changes_the_question(page: playwright.Page, address: str) -> None:
    _open(page, address)
    page.get_by_label("Modifier", exact=True).focus()
    page.keyboard.type("Energy from food and drink, mean of the reliable recalls")
    page.keyboard.press("Enter")
    page.locator("#interaction", has_text="Energy from food and drink").wait_for()
    page.get_by_label("smoking").focus()
    page.keyboard.press("Space")
    page.get_by_label("First cycle").focus()
    page.keyboard.type("2005")
    _settle(page)
    page.locator("#shown_code", has_text='cycles="2005-2018"').wait_for()
    code = page.text_content("#shown_code") or ""
    assert "energy_diet_kcal" in code
    assert "smoking" not in code


def test_a_change_keeps_to_the_address_and_a_reload_brings_it_back(page: playwright.Page, address: str) -> None:
    _open(page, address)
    page.get_by_label("Cut the exposure at (nmol/L)").fill("60")
    page.keyboard.press("Enter")
    page.locator("#interaction", has_text="below 60 nmol/L").wait_for()
    page.wait_for_url("**exposure_cut=60**")
    page.reload()
    page.locator("#interaction", has_text="below 60 nmol/L").wait_for()
    assert page.get_by_label("Cut the exposure at (nmol/L)").input_value() == "60"


def test_another_exposure_comes_with_a_cut_of_its_own(page: playwright.Page, address: str) -> None:
    _open(page, address, "&exposure=bmi_kg_m2")
    assert page.get_by_label("Cut the exposure at (kg/m²)").input_value() == ""
    assert "exposure_cut = float(weighted_quantile" in (page.text_content("#shown_code") or "")


def test_an_exposure_that_is_no_number_has_a_table_and_says_that_it_has_no_curve(
    page: playwright.Page, address: str
) -> None:
    _open(page, address, "&exposure=smoking_status&outcome=diabetes&modifier=sex&adjust=age_years")
    assert "is no number, so it has no curve" in page.inner_text("#curve")
    assert "All product terms together" in page.inner_text("#interaction")


NONSENSE = {
    "age_years >=": "cannot read the condition",
    "age >= 20": "unknown variable 'age'",
    "__import__('os').system('true')": "is a call; there are known(x) and not_true(x)",
    "<img src=x onerror=alert(1)>": "cannot read the condition",
    "age_years > 200": "no row is in the domain",
    "sex == 'woman'": "has no level 'woman'; there are 'male', 'female'",
}


def test_nonsense_in_the_condition_gets_a_message_and_the_page_goes_on(page: playwright.Page, address: str) -> None:
    _open(page, address)
    for typed, said in NONSENSE.items():
        _type_condition(page, typed)
        page.get_by_text(said).wait_for()
        assert page.locator(".complaint").count() == 1
        assert "Traceback" not in page.inner_text("body")
    _type_condition(page, "age_years >= 30")
    page.wait_for_selector("#interaction table")
    assert page.locator(".complaint").count() == 0


def test_a_model_that_cannot_be_fitted_says_what_to_untick(page: playwright.Page, address: str) -> None:
    _open(page, address)
    _type_condition(page, "age_years >= 20 and sex == 'female'")
    page.locator("#interaction", has_text="'sex' has one level (female)").wait_for()
    assert "untick it under “Adjusted for”" in page.inner_text("#interaction")
    _type_condition(page, "age_years >= 20")
    page.wait_for_selector("#interaction table")


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ("&exposure=shoe_size", "unknown variable 'shoe_size' in the exposure"),
        ("&exposur=sex", "did you mean exposure"),
        ("&cycles=1066", "neither a cycle nor a span"),
        ("&exposure_cut=many", "cannot be cut at 'many'"),
        ("&subgroup=import+os", "cannot read the condition"),
        ("&modifier=%3Cscript%3Ealert(1)%3C/script%3E", "unknown variable '<script>alert(1)</script>'"),
    ],
)
def test_nonsense_in_the_address_gets_a_message_and_the_first_question(
    page: playwright.Page, address: str, more: str, said: str
) -> None:
    page.goto(address + more)
    page.wait_for_selector(".complaint")
    assert said in page.inner_text(".complaint")
    page.wait_for_selector("#interaction table")
    assert "Serum 25-hydroxyvitamin D" in page.inner_text("#interaction")


@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_page_fits_the_screen_and_everything_on_it_has_a_name(
    browser: playwright.Browser, address: str, width: int, scheme: str
) -> None:
    with closing(browser.new_context(viewport={"width": width, "height": 800}, color_scheme=scheme)) as context:
        page = context.new_page()
        page.set_default_timeout(PATIENCE)
        _open(page, address)
        wide = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        assert page.evaluate(wide) <= 0
        assert page.evaluate("[...document.images].every(image => image.alt.length > 20)")
        assert page.evaluate(UNNAMED) == []
        assert float(page.evaluate(CONTRAST)) >= 4.5


UNNAMED = """[...document.querySelectorAll('input, select, button')]
  .filter(one => one.offsetParent !== null && !one.labels?.length && !one.innerText && !one.ariaLabel)
  .map(one => one.outerHTML)"""

CONTRAST = """(() => {
  const light = colour => {
    const [r, g, b] = colour.match(/[\\d.]+/g).slice(0, 3)
      .map(part => part / 255).map(part => part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4);
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const body = getComputedStyle(document.body).backgroundColor;
  const texts = '#results p, #results td, #results th, #results figcaption, .data, label';
  const ratios = [...document.querySelectorAll(texts)]
    .filter(one => one.offsetParent !== null && !one.classList.contains('complaint'))
    .map(one => [light(getComputedStyle(one).color), light(body)].sort((a, b) => b - a))
    .map(([high, low]) => (high + 0.05) / (low + 0.05));
  return Math.min(...ratios);
})()"""
"""The least contrast of text with the page (WCAG 2.2, section 1.4.3, asks for 4.5); grey with opacity is left out."""


def test_the_copy_button_copies_the_python(browser: playwright.Browser, address: str) -> None:
    with closing(browser.new_context(permissions=["clipboard-read", "clipboard-write"])) as context:
        page = context.new_page()
        page.set_default_timeout(PATIENCE)
        _open(page, address)
        page.get_by_role("button", name="Copy").click()
        page.get_by_text("Copied.").wait_for()
        assert page.evaluate("navigator.clipboard.readText()") == page.text_content("#shown_code")


def test_another_browser_without_the_token_sees_nothing(browser: playwright.Browser, address: str) -> None:
    with closing(browser.new_context()) as context:
        page = context.new_page()
        answer = page.goto(address.partition("?")[0])
        assert answer is not None
        assert answer.status == 403
        assert "SYNTHETIC" not in page.inner_text("body")


def test_a_page_without_data_offers_synthetic_ones_and_goes_on_with_them(
    page: playwright.Page, served: Callable[..., AbstractContextManager[str]], tmp_path: Path
) -> None:
    from cofactor.synthetic import synthetic_nhanes

    # Made before, as by an earlier visit, so that this test need not wait for them.
    synthetic_nhanes(tmp_path / "cofactor" / "synthetic", people=PEOPLE, seed=SEED)
    with served(XDG_CACHE_HOME=str(tmp_path), COFACTOR_DATA=str(tmp_path / "none")) as address:
        page.goto(address)
        assert "There are no NHANES files here yet" in page.inner_text("main")
        page.get_by_role("button", name="Make synthetic files and go on").click()
        page.wait_for_selector("#interaction table")
        assert page.get_by_text("SYNTHETIC DATA", exact=True).is_visible()
        assert (page.text_content("#shown_code") or "").count("synthetic_nhanes(") == 1
