"""A page as text: HTML and markdown from templates, the provenance as JSON."""

from __future__ import annotations

import functools
import importlib.resources
import json
import re
from typing import Any

import jinja2
from markupsafe import Markup

from cofactor.report.content import Page
from cofactor.report.quality_compose import QualityPage
from cofactor.study import StudyResult

_BLANK_LINES = re.compile(r"\n{3,}")


@functools.cache
def _environment() -> jinja2.Environment:
    environment = jinja2.Environment(
        loader=jinja2.FunctionLoader(_template),
        # in markdown the filter `md` does what escaping does in HTML
        autoescape=lambda name: name is not None and name.endswith(".html.j2"),
        undefined=jinja2.StrictUndefined,
        keep_trailing_newline=True,
    )
    environment.filters["md"] = markdown_text
    return environment


def _template(name: str) -> str:
    return (importlib.resources.files("cofactor.report") / "templates" / name).read_text(encoding="utf-8")


def html_of(page: Page) -> str:
    """Return the page as one HTML document that asks for nothing outside itself."""
    css = Markup(_template("report.css"))  # our own file, no data in it
    return _environment().get_template("report.html.j2").render(page=page, css=css)


def quality_html_of(page: QualityPage) -> str:
    """Return the data-quality page as one HTML document that asks for nothing outside itself."""
    css = Markup(_template("report.css"))  # our own file, no data in it
    return _environment().get_template("quality.html.j2").render(page=page, css=css)


def markdown_of(page: Page) -> str:
    """Return the page in markdown; its pictures are those of the folder `figures`."""
    text = _environment().get_template("report.md.j2").render(page=page)
    return _BLANK_LINES.sub("\n\n", text)


def markdown_text(text: str) -> str:
    """Return text that means itself in markdown: no markup, no table borders, no lines of its own.

    >>> markdown_text("a|b <script> *x*")
    'a\\\\|b &lt;script&gt; \\\\*x\\\\*'
    """
    plain = " ".join(str(text).split()).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return re.sub(r"([\\`*_\[\]|])", r"\\\1", plain)


def provenance_json(result: StudyResult) -> str:
    """Return the provenance of the result and of its variants as JSON."""
    whole: dict[str, Any] = {**result.provenance}
    if result.variants:
        whole["variants"] = {name: dict(variant.provenance) for name, variant in result.variants.items()}
    return json.dumps(whole, indent=2, sort_keys=True, ensure_ascii=False, default=str) + "\n"
