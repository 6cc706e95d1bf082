"""People in a file, for tools other than this one: what `load` returns, and a JSON file that says where it is from."""

from __future__ import annotations

from cofactor.people_file.sources import sources_of
from cofactor.people_file.writing import ENDINGS, check_ending, shortened_names, write_people

__all__ = ["ENDINGS", "check_ending", "shortened_names", "sources_of", "write_people"]
