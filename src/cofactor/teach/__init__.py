"""Exercises, and the check of an answer: right, or which kind of mistake, with hints before any solution.

``data("05.2", seed=...)`` gives the data of an exercise, ``question("05.2")`` what is asked, and
``check("05.2", answer, seed=...)`` the verdict. The data are synthetic with a known truth, and others for each seed, so
that each student of a class has answers of their own; ``cofactor teach new`` gives seeds to a roster and the key to the
teacher, ``cofactor teach grade`` reads what the students hand in.

How an exercise is added
------------------------
1. A module of the notebook in ``teach/exercises/``, as ``interaction.py`` for notebook 05, holds its exercises and
   ends with ``EXERCISES = (...)``; ``teach/exercises/__init__.py`` names the module.
2. An `Exercise` states name ("05.2"), title, question with units, ``data`` (a function of the seed, under a second:
   most take some columns of ``synthetic_people``), and ``answer``, a function of the data: ``numbers(...)`` for what
   ``asks`` names in order, or ``choice("b")`` of ``choices``.
3. Each `Mistake` is made: ``leads_to(data)`` computes the answer to which it leads. NaN stands for a number that does
   not matter. Hints go from a question about the data to what to type, and never tell the answer.
4. ``tests/teach/test_exercises.py`` runs every exercise that is registered over several seeds: answers differ between
   seeds, each mistake is told apart from the right answer and recognised, hints hold no number of the answer. Where
   the answer has a reference outside (numpy, R, by hand), the exercise has a test of its own beside it.
5. The notebook prints ``question``, makes the mistake of the trap, lets ``check`` say so, and leaves the mending to the
   student; the script of the same name in ``notebooks/solutions/`` ends each exercise with a check that says right.
"""

from cofactor.teach.answer import Answer, choice, numbers
from cofactor.teach.checking import check, data, question, right_answer
from cofactor.teach.exercise import Exercise, Mistake
from cofactor.teach.exercises import EXERCISES
from cofactor.teach.feedback import Feedback

__all__ = [
    "EXERCISES",
    "Answer",
    "Exercise",
    "Feedback",
    "Mistake",
    "check",
    "choice",
    "data",
    "numbers",
    "question",
    "right_answer",
]
