"""Exercises, and the check of an answer: right, or which kind of mistake, with hints before any solution."""

from cofactor.teach.checking import check, question
from cofactor.teach.exercise import Exercise, Mistake, Number
from cofactor.teach.feedback import Feedback

__all__ = ["Exercise", "Feedback", "Mistake", "Number", "check", "question"]
