"""The files are shaped like CDC's: names, columns, codes, skips, weights and design of each cycle."""

from __future__ import annotations

import os
from pathlib import Path

import pandas as pd
import pytest

from cofactor.cohort.catalogue_files import measured_variables
from cofactor.loaders.manifest import load_manifest
from cofactor.synthetic.plan import PLANS, CyclePlan

SUFFIXES = {plan.year: plan.suffix for plan in PLANS}
each_cycle = pytest.mark.parametrize("plan", PLANS, ids=lambda plan: plan.cycle)


def of(tables: dict[str, pd.DataFrame], stem: str, plan: CyclePlan) -> pd.DataFrame:
    return tables[f"{stem}{plan.suffix}.xpt"].set_index("SEQN")


def recalls(tables: dict[str, pd.DataFrame], plan: CyclePlan) -> pd.DataFrame:
    return of(tables, "DRXTOT" if plan.year < 2003 else "DR1TOT", plan)


# Names and columns


def test_every_file_and_column_is_one_that_cdc_has(tables):
    known = {file: {column.column for column in columns} for file, columns in load_manifest().fingerprints.items()}
    unknown = {name: set(frame.columns) - known[name] for name, frame in tables.items()}
    assert {name: extra for name, extra in unknown.items() if extra} == {}


def test_every_source_of_the_catalogue_has_its_column(tables):
    """What the catalogue names for 1999-2018, in each cycle: file and columns are there."""
    absent = []
    for variable in measured_variables().values():
        for source in variable.sources:
            for plan in (plan for plan in PLANS if plan.cycle in source.cycles and source.file):
                name = source.file.replace("{years}", plan.cycle.replace("-", "_"))
                name = name if name.endswith(".dat") else f"{name}{plan.suffix}.xpt"
                absent += [(name, c) for c in source.columns if name not in tables or c not in tables[name]]
    assert absent == []


def test_files_lie_where_cdcs_addresses_put_them(made):
    folder = made.path / "wwwn.cdc.gov/Nchs/Data/Nhanes/Public/2005/DataFiles"
    assert (folder / "DEMO_D.xpt").is_file()
    mortality = made.path / "ftp.cdc.gov/pub/Health_Statistics/NCHS/datalinkage/linked_mortality"
    assert (mortality / "NHANES_2005_2006_MORT_2019_PUBLIC.dat").is_file()


def test_a_transport_file_names_its_member_and_labels_its_columns(made):
    import pyreadstat

    path = made.path / load_manifest().records["DEMO_D.xpt"].path
    _, meta = pyreadstat.read_xport(str(path))
    assert meta.table_name == "DEMO_D"
    assert meta.column_names_to_labels["RIDAGEYR"] == "Age in years at screening"
    assert max(len(label) for label in meta.column_labels) <= 40


# Who is in a file


@pytest.mark.parametrize(
    ("stem", "plan_year", "youngest"),
    [("SMQ", 2003, 20), ("SMQ", 2005, 12), ("MCQ", 2005, 1), ("DIQ", 2005, 1), ("BPQ", 2005, 16), ("ALQ", 2009, 20),
     ("ALQ", 2011, 18), ("PAQ", 2015, 2), ("PAQ", 2017, 18), ("VID", 2001, 6), ("VID", 2003, 1), ("GHB", 2005, 12)],
)  # fmt: skip
def test_the_youngest_person_of_a_file(tables, stem, plan_year, youngest):
    plan = next(plan for plan in PLANS if plan.year == plan_year)
    ages = of(tables, "DEMO", plan)["RIDAGEYR"]
    assert ages[of(tables, stem, plan).index].min() == youngest


@each_cycle
def test_files_of_the_examination_hold_the_examined_alone(tables, plan):
    examined = of(tables, "DEMO", plan)["RIDSTATR"] == 2
    for frame in (of(tables, "BMX", plan), of(tables, "ALQ", plan), recalls(tables, plan)):
        assert examined[frame.index].all()
    assert len(recalls(tables, plan)) == examined.sum()


def test_numbers_are_unique_and_nobodys_of_nhanes(tables):
    largest = max(
        column.maximum
        for file, columns in load_manifest().fingerprints.items()
        for column in columns
        if column.column == "SEQN" and file.startswith("DEMO") and not file.startswith("DEMO_L")
    )
    numbers = pd.concat([tables[f"DEMO{suffix}.xpt"]["SEQN"] for suffix in SUFFIXES.values()])
    assert numbers.is_unique
    assert numbers.min() > largest


# Design and weights

SUMS = {1999: 272_156_833, 2001: 279_972_786, 2003: 286_222_757, 2005: 291_616_892, 2007: 297_136_095,
        2009: 301_943_719, 2011: 306_590_681, 2013: 311_204_216, 2015: 316_481_044, 2017: 320_842_721}  # fmt: skip


@each_cycle
def test_weights_stand_for_the_population(tables, plan):
    """The published sums of the two-year weights (NHANES demographics files)."""
    demographics = of(tables, "DEMO", plan)
    for weights in (demographics["WTINT2YR"], demographics["WTMEC2YR"], recalls(tables, plan)["WTDRD1"]):
        assert weights.sum() == pytest.approx(SUMS[plan.year], abs=1.0)


def test_four_year_weights_of_1999_2002_add_up_over_both_files(tables):
    parts = [tables[f"DEMO{suffix}.xpt"]["WTMEC4YR"].sum() for suffix in ("", "_B")]
    assert parts == pytest.approx([129_032_263, 149_619_980], abs=1.0)
    assert "WTMEC4YR" not in tables["DEMO_C.xpt"]


@each_cycle
def test_strata_are_those_of_the_cycle_with_two_or_three_psus(tables, plan):
    real = {c.column: c for c in load_manifest().fingerprints[f"DEMO{plan.suffix}.xpt"]}["SDMVSTRA"]
    demographics = of(tables, "DEMO", plan)
    strata = demographics["SDMVSTRA"]
    assert (strata.min(), strata.max()) == (real.minimum, real.maximum)
    psus = demographics.groupby("SDMVSTRA")["SDMVPSU"].nunique()
    assert set(psus) == ({2, 3} if plan.year in (1999, 2009, 2011) else {2})


@each_cycle
def test_weights_are_informative(tables, plan):
    """Non-Hispanic White people stand for more persons each than all others."""
    demographics = of(tables, "DEMO", plan)
    mean = demographics.groupby("RIDRETH1")["WTINT2YR"].mean()
    assert mean.idxmax() == 3
    assert mean[3] > 2 * mean[4]


@each_cycle
def test_people_without_a_recall_have_no_weight_up_to_2012_and_zero_after(tables, plan):
    frame = recalls(tables, plan)
    without = ~frame["DRDDRSTS" if plan.year == 1999 else "DRDDRSTZ" if plan.year == 2001 else "DR1DRSTZ"].isin([1, 4])
    weights = frame["WTDRD1"]
    assert without.any()
    assert (weights[without] == 0).all() if plan.year >= 2013 else weights[without].isna().all()
    assert (weights[~without] > 0).all()


@pytest.mark.parametrize("plan", PLANS[7:], ids=lambda plan: plan.cycle)
def test_two_day_weight_is_zero_with_one_recall_and_missing_with_none(tables, plan):
    frame = of(tables, "DR1TOT", plan)
    first = frame["DR1DRSTZ"].isin([1, 4])
    second = of(tables, "DR2TOT", plan)["DR2DRSTZ"].isin([1, 4])
    assert (frame["WTDR2D"][first & ~second] == 0).all()
    assert frame["WTDR2D"][~first].isna().all()


# Codes and skips


def test_ages_are_top_coded_at_85_until_2006_and_at_80_after(tables):
    top = {year: tables[f"DEMO{suffix}.xpt"]["RIDAGEYR"].max() for year, suffix in SUFFIXES.items()}
    assert top == {year: 85 if year < 2007 else 80 for year in SUFFIXES}


@each_cycle
def test_pregnancy_is_released_for_women_of_the_cycles_ages(tables, plan):
    low, high = (18, 59) if plan.year == 1999 else (8, 59) if plan.year < 2007 else (20, 44)
    frame = of(tables, "DEMO", plan)
    inside = (frame["RIAGENDR"] == 2) & frame["RIDAGEYR"].between(low, high) & (frame["RIDSTATR"] == 2)
    pd.testing.assert_series_equal(frame["RIDEXPRG"].notna(), inside, check_names=False)
    assert set(frame["RIDEXPRG"].dropna()) <= {1, 2, 3}


@each_cycle
def test_smokers_alone_are_asked_how_much(tables, plan):
    frame = of(tables, "SMQ", plan)
    days, amount = ("SMD080", "SMD090") if plan.year < 2003 else ("SMD641", "SMD650")
    pd.testing.assert_series_equal(frame["SMQ040"].notna(), frame["SMQ020"] == 1, check_names=False)
    pd.testing.assert_series_equal(frame[days].notna(), frame["SMQ040"].isin([1, 2]), check_names=False)
    pd.testing.assert_series_equal(frame[amount].notna(), frame[days] > 0, check_names=False)


@pytest.mark.parametrize("plan", PLANS[:9], ids=lambda plan: plan.cycle)
def test_no_drink_in_twelve_months_skips_unit_and_amount(tables, plan):
    frame = of(tables, "ALQ", plan)
    none = frame["ALQ120Q"] == 0
    assert none.any()
    assert frame.loc[none, ["ALQ120U", "ALQ130"]].isna().all(axis=None)
    drinks = frame["ALQ120Q"].between(1, 366)
    assert frame.loc[drinks, ["ALQ120U", "ALQ130"]].notna().all(axis=None)
    assert frame.loc[frame["ALQ110"] == 2, ["ALQ120Q", "ALQ120U", "ALQ130"]].isna().all(axis=None)


@pytest.mark.parametrize("plan", PLANS[4:], ids=lambda plan: plan.cycle)
def test_supplements_are_missing_and_not_zero_for_people_who_take_none(tables, plan):
    frame = of(tables, "DSQTOT", plan)
    nobody = (frame["DSD010"] == 2) & (frame["DSD010AN"] == 2)
    amounts = frame.loc[nobody, [c for c in frame if c.startswith("DSQT")]]
    assert amounts.isna().all(axis=None)
    assert not (frame["DSQTMAGN"] == 0).any()
    products = of(tables, "DSQIDS", plan)
    assert set(products.index[products["DSDANTA"] == 0]) == set(frame.index[frame["DSD010"] == 1])
    assert set(products.index[products["DSDANTA"] > 0]) == set(frame.index[frame["DSD010AN"] == 1])


@pytest.mark.parametrize("plan", PLANS[:4], ids=lambda plan: plan.cycle)
def test_whoever_names_leisure_activities_has_rows_and_nobody_else(tables, plan):
    people = of(tables, "PAQ", plan)
    named = people.index[(people["PAD200"] == 1) | (people["PAD320"] == 1)]
    assert set(tables[f"PAQIAF{plan.suffix}.xpt"]["SEQN"]) == set(named)


def test_nutrients_stand_for_reliable_recalls_and_in_1999_2000_for_incomplete_ones_too(tables):
    later = tables["DR1TOT_C.xpt"]
    pd.testing.assert_series_equal(later["DR1TMAGN"].notna(), later["DR1DRSTZ"] == 1, check_names=False)
    first = tables["DRXTOT.xpt"]
    assert first.loc[first["DRDDRSTS"] == 2, "DRXTMAGN"].notna().all()


def test_serum_vitamin_d_changes_its_name_in_2007_and_is_absent_in_1999(tables):
    assert "VID.xpt" not in tables
    assert "LBDVIDMS" in tables["VID_D.xpt"]
    assert "LBXVIDMS" in tables["VID_E.xpt"]


# Deaths


@each_cycle
def test_mortality_has_a_line_for_everybody_and_minors_are_not_linked(tables, plan):
    deaths = tables[plan.mortality_file].set_index("SEQN")
    demographics = of(tables, "DEMO", plan)
    assert list(deaths.index) == list(demographics.index)
    pd.testing.assert_series_equal(deaths["ELIGSTAT"] == 2, demographics["RIDAGEYR"] < 18, check_names=False)
    pd.testing.assert_series_equal(
        deaths["PERMTH_EXM"].notna(), (deaths["ELIGSTAT"] == 1) & (demographics["RIDSTATR"] == 2), check_names=False
    )


@each_cycle
def test_nobody_is_followed_past_2019(tables, plan):
    deaths = tables[plan.mortality_file]
    living = deaths.loc[deaths["MORTSTAT"] == 0, "PERMTH_EXM"].dropna()
    assert living.min() >= 12 * (2020 - plan.year - 2)
    assert living.max() <= 12 * (2020 - plan.year)


def test_deaths_are_tied_and_some_fall_in_the_first_month(tables):
    deaths = pd.concat([tables[plan.mortality_file] for plan in PLANS])
    months = deaths.loc[deaths["MORTSTAT"] == 1, "PERMTH_EXM"].dropna()
    assert (months == 0).any()
    assert months.value_counts().max() >= 5
    assert set(deaths["UCOD_LEADING"].dropna()) == set(range(1, 11))


@pytest.fixture(scope="module")
def codebook() -> dict[tuple[str, str], pd.Series]:
    """CDC's codebook: (file, column) -> codes, and ranges as "0 to 365"."""
    path = Path(os.environ.get("COFACTOR_TEST_MIRROR", "")) / "codebook.csv.xz"
    if not path.is_file():
        pytest.skip("COFACTOR_TEST_MIRROR names no folder with codebook.csv.xz: no codes to compare with")
    table = pd.read_csv(path, dtype=str, usecols=["file", "variable", "code_or_value"]).dropna()
    return dict(list(table.groupby(["file", table["variable"].str.upper()])["code_or_value"]))


@pytest.mark.real_data
def test_every_code_stands_in_the_codebook(tables, codebook):
    """Columns that the codebook gives codes for hold those codes and ranges, and nothing else."""
    strange, compared = {}, 0
    for name, frame in tables.items():
        numbers = frame.select_dtypes("number").drop(columns="SEQN", errors="ignore")
        for column in (c for c in numbers if not c.startswith("WT")):
            spans = _spans(codebook.get((name.removesuffix(".xpt"), column), pd.Series(dtype=str)))
            if any(low == high for low, high in spans):
                compared += 1
                values = frame[column].dropna().unique()
                extra = [value for value in values if not any(low <= value <= high for low, high in spans)]
                strange |= {f"{name} {column}": extra} if extra else {}
    assert strange == {}
    assert compared > 250


def _spans(codes: pd.Series) -> list[tuple[float, float]]:
    parts = [code.split(" to ") for code in codes if code.replace(" to ", "").replace(".", "").isdigit()]
    return [(float(part[0]), float(part[-1])) for part in parts]
