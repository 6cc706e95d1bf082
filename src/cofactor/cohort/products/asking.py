"""What a measured variable asks of a person's products."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from cofactor.cohort.products.nutrients import NUTRIENTS
from cofactor.errors import CofactorError

Asked = Literal["amount", "any", "unclear"]


@dataclass(frozen=True)
class ProductQuestion:
    """A question to the products of a person.

    asked : the "amount" of a nutrient a day; whether "any" product has it; whether any product is "unclear" (not in the
    database, or of unknown amount or days). nutrient : of which; "" for all products. antacids : of antacids alone.
    """

    asked: Asked
    nutrient: str = ""
    antacids: bool = False

    def __str__(self) -> str:
        what = {"amount": f"{self.nutrient} of products", "any": f"any product with {self.nutrient}"}
        unclear = f"any product {self.nutrient and f'with {self.nutrient} '}unclear"
        return what.get(self.asked, unclear) + (", antacids alone" if self.antacids else "")


def product_question(entry: dict[str, Any], place: str) -> ProductQuestion:
    """Return the question that an entry of the catalogue states: {amount = "magnesium"}, {unclear = "all"}.

    Raises
    ------
    CofactorError
        A nutrient that the database of labels is not read for, or no question.
    """
    kinds: tuple[Asked, ...] = ("amount", "any", "unclear")
    for asked in kinds:
        if asked in entry:
            nutrient = str(entry[asked])
            if (asked, nutrient) == ("unclear", "all"):
                return ProductQuestion("unclear")
            if nutrient not in NUTRIENTS:
                raise CofactorError(f"{place} asks for {nutrient!r} of products; there are {', '.join(NUTRIENTS)}")
            return ProductQuestion(asked, nutrient, bool(entry.get("antacids", False)))
    raise CofactorError(f"{place} asks {entry} of products; ask for amount, any or unclear")
