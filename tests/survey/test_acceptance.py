"""Published and agreed figures of NHANES, straight from CDC's files: no variable of the catalogue stands between."""

from __future__ import annotations

import pytest

from cofactor.survey import SurveyDesign, weighted_mean

LETTERS = {2007: "E", 2013: "H"}


def read(mirror, year, stem, columns):
    import pyreadstat

    folder = mirror / "wwwn.cdc.gov" / "Nchs" / "Data" / "Nhanes" / "Public" / str(year) / "DataFiles"
    frame, _ = pyreadstat.read_xport(str(folder / f"{stem}_{LETTERS[year]}.xpt"))
    return frame[["SEQN", *columns]]


def people(mirror, year):
    return read(mirror, year, "DEMO", ["RIDAGEYR", "RIDSTATR", "SDMVSTRA", "SDMVPSU", "WTMEC2YR"])


@pytest.mark.real_data
@pytest.mark.parametrize(("year", "mean", "se"), [(2007, 67.14, 1.00), (2013, 69.58, 1.31)])
def test_mean_25ohd_of_examined_adults(year, mean, se, mirror):
    data = people(mirror, year).merge(read(mirror, year, "VID", ["LBXVIDMS"]), on="SEQN", how="left")
    design = SurveyDesign(
        data, weight="WTMEC2YR", strata="SDMVSTRA", psu="SDMVPSU", domain="RIDAGEYR >= 20 and RIDSTATR == 2"
    )
    found = weighted_mean(design, "LBXVIDMS")
    assert (round(found.values[0], 2), round(found.se[0], 2)) == (mean, se)
    assert found.df[0] == (16 if year == 2007 else 15)


@pytest.mark.real_data
def test_mean_magnesium_of_reliable_recalls_of_adults(mirror):
    recall = read(mirror, 2007, "DR1TOT", ["DR1TMAGN", "DR1DRSTZ", "WTDRD1"])
    data = people(mirror, 2007).merge(recall, on="SEQN", how="left")
    data["WTDRD1"] = data["WTDRD1"].fillna(0.0)
    design = SurveyDesign(
        data, weight="WTDRD1", strata="SDMVSTRA", psu="SDMVPSU", domain="RIDAGEYR >= 20 and DR1DRSTZ == 1"
    )
    found = weighted_mean(design, "DR1TMAGN")
    assert design.in_domain.sum() == 5420
    assert (round(found.values[0], 2), round(found.se[0], 2)) == (293.62, 7.15)
