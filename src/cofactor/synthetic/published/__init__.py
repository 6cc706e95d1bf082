"""Columns without a planted truth: drawn from CDC's published counts, so that a folder has all that is catalogued."""

from __future__ import annotations

from cofactor.synthetic.published.filling import filled

__all__ = ["filled"]
