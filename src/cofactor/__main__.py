"""``python -m cofactor`` is ``cofactor``."""

from __future__ import annotations

from cofactor.cli import main

if __name__ == "__main__":
    main()
