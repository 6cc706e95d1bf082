"""Energy, nutrients and water from food and drink: what each day gave, put together.

A new nutrient is its measured first and second recall in `catalogue/diet*.toml`, and a line here.
"""

from cofactor.cohort.derived.recalls import recall_means

ENERGY = recall_means("energy", "Energy", "kcal")

MINERALS = (
    *recall_means("magnesium", "Magnesium", "mg"),
    *recall_means("calcium", "Calcium", "mg"),
    *recall_means("phosphorus", "Phosphorus", "mg"),
    *recall_means("potassium", "Potassium", "mg"),
    *recall_means("sodium", "Sodium", "mg"),
    *recall_means("zinc", "Zinc", "mg"),
    *recall_means("iron", "Iron", "mg"),
    *recall_means("copper", "Copper", "mg"),
    *recall_means("selenium", "Selenium", "µg"),
)

VITAMINS = (
    *recall_means("vitamin_d", "Vitamin D", "µg"),
    *recall_means("vitamin_c", "Vitamin C", "mg"),
    *recall_means("vitamin_a", "Vitamin A (retinol activity equivalents)", "µg"),
    *recall_means("vitamin_e", "Vitamin E as alpha-tocopherol", "mg"),
    *recall_means("vitamin_k", "Vitamin K as phylloquinone", "µg"),
    *recall_means("thiamin", "Thiamin", "mg"),
    *recall_means("riboflavin", "Riboflavin", "mg"),
    *recall_means("niacin", "Niacin", "mg"),
    *recall_means("vitamin_b6", "Vitamin B6", "mg"),
    *recall_means("vitamin_b12", "Vitamin B12", "µg"),
    *recall_means("folate", "Folate", "µg"),
    *recall_means("folate_dfe", "Folate (dietary folate equivalents)", "µg"),
)

MACRONUTRIENTS = (
    *recall_means("protein", "Protein", "g"),
    *recall_means("carbohydrate", "Carbohydrate", "g"),
    *recall_means("sugars", "Total sugars", "g"),
    *recall_means("fibre", "Fibre", "g"),
    *recall_means("fat", "Total fat", "g"),
    *recall_means("saturated_fat", "Saturated fatty acids", "g"),
    *recall_means("monounsaturated_fat", "Monounsaturated fatty acids", "g"),
    *recall_means("polyunsaturated_fat", "Polyunsaturated fatty acids", "g"),
    *recall_means("cholesterol", "Cholesterol", "mg"),
)

DRINKS = (
    *recall_means("alcohol", "Alcohol", "g"),
    *recall_means("caffeine", "Caffeine", "mg"),
    *recall_means("moisture", "Moisture", "g"),
    *recall_means("plain_water", "Plain drinking water", "g"),
)
