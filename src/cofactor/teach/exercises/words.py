"""Words and numbers that exercises share."""

from __future__ import annotations

import math

ANY = math.nan
"""In a mistake's answer: a number that does not matter."""

LOST_NUMBER = (
    "I do not recognise this number. Begin with who is in it: how many people?",
    "Then the variable: its unit, its missing values, and what stands above and below the line.",
    "Do it by hand for the first ten rows, and compare.",
)
LOST_ESTIMATE = (
    "I do not recognise this number. Begin with who is in it: how many people, of which ages?",
    "Three things make it: the group (a domain), the weights, and the variable.",
    "Print the design: it says how many people are inside, and of how many PSUs.",
)
