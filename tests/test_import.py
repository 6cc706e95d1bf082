"""`import cofactor` is quick, and hands out what it says."""

from __future__ import annotations

import ast
import inspect
import subprocess
import sys
from pathlib import Path

import pytest

import cofactor

HEAVY = ("pandas", "numpy", "scipy", "matplotlib", "statsmodels", "pyarrow", "rich", "typer", "requests")


def loaded_after(statement: str) -> set[str]:
    """The top-level modules that a fresh interpreter has loaded after a statement."""
    code = f"{statement}\nimport sys\nprint(*{{name.partition('.')[0] for name in sys.modules}})"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return set(done.stdout.split())


def test_import_leaves_heavy_libraries_unimported() -> None:
    assert not loaded_after("import cofactor").intersection(HEAVY)


def test_command_line_starts_without_pandas() -> None:
    assert not loaded_after("import cofactor.cli").intersection({"pandas", "numpy", "scipy", "matplotlib"})


def names_imported_for_type_checkers() -> dict[str, str]:
    """Name -> submodule, as the root's `if TYPE_CHECKING:` block imports them."""
    tree = ast.parse(Path(inspect.getfile(cofactor)).read_text(encoding="utf-8"))
    block = next(node for node in tree.body if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING")
    imports = [node for node in block.body if isinstance(node, ast.ImportFrom)]
    return {
        (alias.asname or alias.name): str(node.module).removeprefix("cofactor.")
        for node in imports
        for alias in node.names
    }


def test_lazy_names_are_those_that_type_checkers_see() -> None:
    assert names_imported_for_type_checkers() == cofactor._HOME


def test_lazy_names_are_the_public_ones_in_order() -> None:
    assert list(cofactor._HOME) == cofactor.__all__ == sorted(cofactor.__all__)


@pytest.mark.parametrize("name", cofactor.__all__)
def test_every_public_name_resolves_and_is_documented(name: str) -> None:
    assert inspect.getdoc(getattr(cofactor, name))


def test_public_names_of_the_house_are_all_there() -> None:
    """The names that the design binds."""
    bound = {"load", "SurveyDesign", "weighted_mean", "weighted_total", "weighted_ratio", "weighted_proportion"}
    bound |= {"weighted_quantile", "fit_glm", "fit_cox", "contrast", "wald_test", "interaction_table", "reri"}
    bound |= {"Study", "run_study", "synthetic_nhanes", "catalogue"}
    assert bound <= set(dir(cofactor))


def test_unknown_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="no attribute 'weighted_meen'"):
        _ = cofactor.weighted_meen  # type: ignore[attr-defined]
