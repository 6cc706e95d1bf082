"""How Sphinx builds the site: offline, from the pages here and from what `building` makes of package and tests."""

from __future__ import annotations

import os
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))

from building import executed, mathml, notebooks, reference, results, search, variables  # noqa: E402  (the folder is on the path by now)

import cofactor  # noqa: E402

project = "cofactor"
author = "The cofactor developers"
copyright = "The cofactor developers, MIT licence"
version = release = cofactor.__version__
language = "en"

extensions = ["myst_nb", "sphinx.ext.autodoc", "sphinx.ext.autosummary", "numpydoc"]
exclude_patterns = ["_build", "building", "made", "results"]
templates_path: list[str] = []
default_role = "py:obj"  # a name in backticks in a docstring is a link where it is one of ours
suppress_warnings = ["config.cache"]  # nothing is pickled that matters to a build from nothing

myst_enable_extensions = ["colon_fence", "deflist", "dollarmath"]
myst_heading_anchors = 3

nb_execution_mode = "cache"
nb_execution_cache_path = str(executed.folder(HERE / "_build" / "executed"))
nb_execution_raise_on_error = True
nb_execution_timeout = 300
nb_merge_streams = True
nb_output_stderr = "remove"  # progress bars

autosummary_generate = True
autodoc_typehints = "none"  # numpydoc's sections say the types in words
numpydoc_show_class_members = False
numpydoc_class_members_toctree = False

smartquotes = False  # code words stay as they are typed, and the build is quicker

html_theme = "pydata_sphinx_theme"
html_title = "cofactor"
html_static_path = ["_static"]
html_css_files = ["site.css"]
html_favicon = "_static/icon.svg"
html_context = {"default_mode": "auto"}
html_show_sourcelink = False
html_copy_source = False
html_math_renderer = "mathml"
html_theme_options = {
    "navbar_align": "left",
    "header_links_before_dropdown": 5,
    "show_prev_next": True,
    "secondary_sidebar_items": ["page-toc"],
    "footer_start": ["copyright"],
    "footer_end": [],
    "navigation_with_keys": False,
    "show_nav_level": 1,
    "search_bar_text": "Search these pages",
}
html_sidebars = {"index": [], "tutorial": [], "comparison": [], "numbers": [], "conventions": [], "variables/*": []}

# A kernel of a page writes and reads nothing of the user's, and draws its bars in text.
os.environ["COFACTOR_DATA"] = str(HERE / "_build" / "no-data")
os.environ.setdefault("PYTHONWARNINGS", "ignore:IProgress not found")


def setup(app: object) -> dict[str, bool]:
    """Make the pages that are made, before Sphinx looks which pages there are."""
    mathml.setup(app)
    search.setup(app)
    variables.setup(app)
    variables.write(HERE)
    reference.write(HERE)
    notebooks.write(HERE)
    results.write(HERE)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
