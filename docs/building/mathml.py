"""Formulas as MathML, which browsers draw and screen readers read: no script, no font, nothing from the network."""

from __future__ import annotations

import re
from typing import Any

from docutils import nodes
from docutils.utils.math.latex2mathml import tex2mathml

_SAME_LOOK = ((re.compile(r"\\dots\b"), r"\\ldots"), (re.compile(r"\\[bB]igg?[lr]?(?![a-zA-Z])"), ""))
"""Commands that docutils does not know, and what stands for them; MathML stretches brackets by itself."""


def setup(app: Any) -> None:
    """Register the renderer under the name that `html_math_renderer` asks for."""
    app.add_html_math_renderer("mathml", (_inline, None), (_block, None))


def mathml(text: str, *, block: bool = False) -> str:
    r"""Return a LaTeX formula as MathML.

    >>> mathml(r"\beta").startswith("<math")
    True

    Raises
    ------
    docutils.utils.math.MathError
        Where docutils does not know a command: the build then stops at the page that has it.
    """
    for command, instead in _SAME_LOOK:
        text = command.sub(instead, text)
    return str(tex2mathml(text, as_block=block))


def _inline(writer: Any, node: nodes.math) -> None:
    writer.body.append(mathml(node.astext()))
    raise nodes.SkipNode


def _block(writer: Any, node: nodes.math_block) -> None:
    writer.body.append(f'<div class="math-block">{mathml(node.astext(), block=True)}</div>')
    raise nodes.SkipNode
