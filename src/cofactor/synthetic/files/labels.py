"""Short labels of the columns, at most 40 characters, in our words; written into the XPT files."""

from __future__ import annotations

_NUTRIENTS = {
    "KCAL": "Energy (kcal)", "MAGN": "Magnesium (mg)", "CALC": "Calcium (mg)", "PHOS": "Phosphorus (mg)",
    "POTA": "Potassium (mg)", "ZINC": "Zinc (mg)", "SODI": "Sodium (mg)", "FIBE": "Dietary fibre (g)",
    "VC": "Vitamin C (mg)", "VD": "Vitamin D (ug)",
}  # fmt: skip

_WEEKLY = ("Vigorous work", "Moderate work", "Walk or cycle", "Vigorous leisure", "Moderate leisure")
_WEEKLY_COLUMNS = (
    ("PAQ605", "PAQ610", "PAD615"),
    ("PAQ620", "PAQ625", "PAD630"),
    ("PAQ635", "PAQ640", "PAD645"),
    ("PAQ650", "PAQ655", "PAD660"),
    ("PAQ665", "PAQ670", "PAD675"),
)

_LABELS: dict[str, str] = {
    "SEQN": "Respondent sequence number",
    "SDDSRVYR": "Data release number",
    "RIDSTATR": "Interviewed only (1) or examined (2)",
    "RIDEXMON": "Half year of the examination",
    "RIAGENDR": "Sex",
    "RIDAGEYR": "Age in years at screening",
    "RIDAGEMN": "Age in months at screening",
    "RIDAGEEX": "Age in months at examination",
    "RIDEXAGM": "Age in months at examination, under 20",
    "RIDRETH1": "Race and ethnicity, 5 classes",
    "RIDRETH3": "Race and ethnicity with Asian",
    "DMDEDUC2": "Education, 20 years and over",
    "INDFMPIR": "Family income to poverty ratio",
    "RIDEXPRG": "Pregnancy at examination",
    "WTINT2YR": "Interview weight, 2 years",
    "WTINT4YR": "Interview weight, 4 years",
    "WTMEC2YR": "Examination weight, 2 years",
    "WTMEC4YR": "Examination weight, 4 years",
    "SDMVPSU": "Masked variance unit",
    "SDMVSTRA": "Masked variance stratum",
    "WTDRD1": "Dietary weight, first recall",
    "WTDR2D": "Dietary weight, two recalls",
    "WTDR4YR": "Dietary weight, 4 years",
    "DRDDRSTS": "Recall status",
    "DRDDRSTZ": "Recall status",
    "DR1DRSTZ": "Recall status, day 1",
    "DR2DRSTZ": "Recall status, day 2",
    "DRDTSODI": "Sodium (mg)",
    "DSD010": "Any dietary supplement taken",
    "DSDCOUNT": "Number of supplements",
    "DSD010AN": "Any antacid taken",
    "DSDANCNT": "Number of antacids",
    "DSDANTA": "Supplement (0) or antacid",
    "DSD103": "Days taken, past 30 days",
    "DSDACTSS": "Servings on a day taken",
    "DS1DS": "Any supplement, day of first recall",
    "BMXWT": "Weight (kg)",
    "BMXHT": "Standing height (cm)",
    "BMXBMI": "Body mass index (kg/m**2)",
    "LBDVIDMS": "25OHD2+25OHD3 (nmol/L)",
    "LBXVIDMS": "25OHD2+25OHD3 (nmol/L)",
    "LBDVIDLC": "25OHD2+25OHD3 comment code",
    "LBXGH": "Glycohaemoglobin (%)",
    "WTSAF2YR": "Fasting weight, 2 years",
    "WTSAF4YR": "Fasting weight, 4 years",
    "LBXGLU": "Fasting plasma glucose (mg/dL)",
    "WTSA2YR": "Subsample A weight",
    "LBXSZN": "Serum zinc (ug/dL)",
    "SMQ020": "Smoked 100 cigarettes in life",
    "SMQ040": "Smokes cigarettes now",
    "SMD080": "Days smoked, past 30 days",
    "SMD090": "Cigarettes on such a day",
    "SMD641": "Days smoked, past 30 days",
    "SMD650": "Cigarettes on such a day",
    "ALQ100": "12 drinks in any one year",
    "ALD100": "12 drinks in any one year",
    "ALQ101": "12 drinks in any one year",
    "ALQ110": "12 drinks in life",
    "ALQ111": "Ever had a drink",
    "ALQ120Q": "How often drinks, past 12 months",
    "ALQ120U": "Unit: week, month or year",
    "ALQ121": "How often drinks, past 12 months, class",
    "ALQ130": "Drinks on a drinking day",
    "PAD020": "Walked or cycled, past 30 days",
    "PAQ050Q": "Times walked or cycled",
    "PAQ050U": "Unit: day, week or month",
    "PAD080": "Minutes a day walked or cycled",
    "PAQ100": "Tasks at home or in the yard",
    "PAD120": "Times of tasks, past 30 days",
    "PAD160": "Minutes of tasks each time",
    "PAD200": "Vigorous activity, past 30 days",
    "PAD320": "Moderate activity, past 30 days",
    "PADACTIV": "Leisure activity",
    "PADLEVEL": "Level: moderate (1) or vigorous (2)",
    "PADTIMES": "Times in 30 days",
    "PADDURAT": "Minutes each time",
    "PADMETS": "MET score of the activity",
    "DIQ010": "Told to have diabetes",
    "BPQ020": "Told to have high blood pressure",
    "MCQ160B": "Told: heart failure",
    "MCQ160C": "Told: coronary heart disease",
    "MCQ160D": "Told: angina",
    "MCQ160E": "Told: heart attack",
    "MCQ160F": "Told: stroke",
    "MCQ220": "Told: cancer of any kind",
    "MCQ230A": "First kind of cancer",
    "MCQ230B": "Second kind of cancer",
    "MCQ230C": "Third kind of cancer",
    "MCQ230D": "More than three kinds of cancer",
    "HUQ010": "General health",
    "RXD030": "Any prescription medicine, past month",
    "RXDUSE": "Any prescription medicine, past month",
    "RXD240B": "Name of the medicine",
    "RXDDRUG": "Name of the medicine",
    "RXDDRGID": "Code of the medicine",
    "RXD295": "Number of prescription medicines",
    "RXDCOUNT": "Number of prescription medicines",
    "RXDINGFL": "One ingredient (1) or several (2)",
    **{
        f"{stem}{number}{level}": f"{what} {number}, level {level}"
        for stem, what, most in (("RXDDCI", "Class", 4), ("RXDICI", "Class of ingredient", 6))
        for number in range(1, most + 1)
        for level in "ABC"
    },
    **{
        f"{prefix}{end}": text
        for prefix in ("DRXT", "DR1T", "DR2T", "DSQT", "DS1T")
        for end, text in _NUTRIENTS.items()
    },
    **{
        column: f"{part}: {what}"
        for part, columns in zip(_WEEKLY, _WEEKLY_COLUMNS, strict=True)
        for column, what in zip(columns, ("any", "days a week", "minutes a day"), strict=True)
    },
}


def label(column: str) -> str:
    """Return the label of a column; a column drawn from published counts is called so.

    >>> label("DR1TMAGN"), label("DPQ010")
    ('Magnesium (mg)', 'DPQ010: drawn from published counts')
    """
    return _LABELS.get(column, f"{column}: drawn from published counts")
