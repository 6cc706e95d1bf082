import csv
import json
import re

import jsonschema
import pytest

from cofactor.errors import FileError
from cofactor.loaders.cycles import CYCLES, first_year
from cofactor.loaders.fingerprint import differences
from cofactor.loaders.manifest import load_manifest
from cofactor.resources import resource_folder

# What the profiles "data-package" and "tabular-data-resource" of Frictionless Data Package v1 demand of a descriptor:
# https://specs.frictionlessdata.io/data-package/ and /table-schema/, in short: the profiles are not at hand offline.
NAME = {"type": "string", "pattern": "^([-a-z0-9._/])+$"}
PACKAGE = {
    "type": "object",
    "required": ["resources", "name", "licenses"],
    "properties": {
        "name": NAME,
        "profile": {"const": "data-package"},
        "licenses": {
            "type": "array",
            "minItems": 1,
            "items": {"anyOf": [{"required": ["name"]}, {"required": ["path"]}]},
        },
        "sources": {"type": "array", "items": {"required": ["title"]}},
        "resources": {
            "type": "array",
            "minItems": 1,
            "items": {
                "type": "object",
                "required": ["name", "path"],
                "properties": {
                    "name": NAME,
                    "path": {"type": "string", "pattern": r"^(?=^[^./~])(^((?!\.{2}).)*$).*$"},
                    "hash": {"type": "string", "pattern": "^sha256:[0-9a-f]{64}$"},
                    "schema": {
                        "required": ["fields"],
                        "properties": {"fields": {"items": {"required": ["name", "type"]}}},
                    },
                },
            },
        },
    },
}


@pytest.fixture(scope="module")
def manifest():
    return load_manifest()


@pytest.fixture(scope="module")
def package():
    return json.loads((resource_folder("data_manifest") / "datapackage.json").read_text(encoding="utf-8"))


def test_458_files_of_eleven_cycles_and_four_common_ones(manifest):
    assert len(manifest.records) == 458
    assert sorted(manifest.common_files) == ["DSBI.xpt", "DSII.xpt", "DSPI.xpt", "RXQ_DRUG.xpt"]
    assert sum(len(manifest.files_of(cycle)) for cycle in CYCLES) == 454
    assert all(
        f"DEMO{suffix}.xpt" in manifest.files_of(c) for c, suffix in zip(CYCLES[:3], ("", "_B", "_C"), strict=True)
    )


def test_addresses_are_cdc_s_since_november_2024(manifest):
    for record in manifest.records.values():
        if record.file.endswith(".dat"):
            begin, end = record.cycle.split("-")
            assert record.file == f"NHANES_{begin}_{end}_MORT_2019_PUBLIC.dat"
            assert record.url == (
                "https://ftp.cdc.gov/pub/Health_Statistics/NCHS/datalinkage/linked_mortality/" + record.file
            )
        else:
            year = record.url.split("/")[-3] if record.is_common else first_year(record.cycle)
            assert record.url == f"https://wwwn.cdc.gov/Nchs/Data/Nhanes/Public/{year}/DataFiles/{record.file}"


def test_hashes_are_whole_or_absent(manifest):
    known = [record.sha256 for record in manifest.records.values() if record.sha256 is not None]
    assert all(re.fullmatch(r"[0-9a-f]{64}", sha256) for sha256 in known)
    assert len(known) == len(set(known)) == 188


def test_every_column_of_every_file_has_a_fingerprint(manifest):
    assert set(manifest.fingerprints) == set(manifest.records)
    for file, columns in manifest.fingerprints.items():
        record = manifest.records[file]
        assert len(columns) == record.columns
        assert {one.present + one.missing for one in columns} == {record.rows}
        assert {one.type for one in columns} <= {"number", "text", "empty"}


# Published by NCHS or printed on CDC's codebook pages, not computed here.
@pytest.mark.parametrize(
    ("file", "column", "figure", "value"),
    [
        ("DEMO.xpt", "WTMEC2YR", "sum", 272_156_833),
        ("DEMO_J.xpt", "WTMEC2YR", "sum", 320_842_721),
        ("DEMO_D.xpt", "WTINT2YR", "sum", 291_616_892),
        ("VID_B.xpt", "LBDVIDMS", "present", 7_807),
        ("VID_C.xpt", "LBDVIDMS", "present", 8_294),
        ("VID_D.xpt", "LBDVIDMS", "present", 8_306),
        ("VID_E.xpt", "LBXVIDMS", "present", 6_950),
        ("VID_J.xpt", "LBXVIDMS", "present", 7_409),
        ("NHANES_1999_2000_MORT_2019_PUBLIC.dat", "MORTSTAT", "sum", 1_675),
        ("NHANES_2017_2018_MORT_2019_PUBLIC.dat", "MORTSTAT", "sum", 145),
    ],
)
def test_figures_are_those_that_are_known_from_elsewhere(manifest, file, column, figure, value):
    [one] = [c for c in manifest.fingerprints[file] if c.column == column]
    assert getattr(one, figure) == pytest.approx(value, abs=0.5)


def test_eligible_and_deaths_over_all_cycles(manifest):
    files = [one for file, one in manifest.fingerprints.items() if file.endswith(".dat")]
    status = [column for columns in files for column in columns if column.column == "MORTSTAT"]
    assert sum(column.present for column in status) == 59_064
    assert [int(column.sum) for column in status] == [1675, 1624, 1420, 1027, 1126, 861, 628, 467, 276, 145]


def test_the_data_package_is_frictionless(package):
    jsonschema.validate(package, PACKAGE)
    names = [resource["name"] for resource in package["resources"]]
    assert len(names) == len(set(names)) == 463


def test_the_data_package_describes_the_tables_that_are_there(package):
    for resource in package["resources"][:5]:
        with (resource_folder("data_manifest") / resource["path"]).open(encoding="utf-8", newline="") as file:
            header = next(csv.reader(file))
        assert header == [one["name"] for one in resource["schema"]["fields"]]


def test_the_script_makes_the_same_manifest_again(build, world, tmp_path):
    build.build(world.listing, world.mirror, tmp_path, jobs=1)
    assert load_manifest(tmp_path).digest == world.manifest.digest


def test_the_script_refuses_a_file_that_is_not_as_listed(build, world, tmp_path):
    listing = tmp_path / "files.csv"
    listing.write_text(world.listing.read_text().replace(",300,6,", ",301,6,"))
    with pytest.raises(SystemExit, match=r"DEMO_D\.xpt: the list says 301 x 6"):
        build.build(listing, world.mirror, tmp_path / "out", jobs=1)


@pytest.mark.real_data
def test_the_committed_manifest_is_what_the_script_makes(build, mirror, manifest):
    few = ("VID_D.xpt", "BIOPRO_E.xpt", "NHANES_2005_2006_MORT_2019_PUBLIC.dat")
    for file in few:
        assert differences(build.fingerprint_of(manifest.records[file], mirror), manifest.fingerprints[file]) == []


def test_a_manifest_that_is_not_there_is_an_error_that_says_so(tmp_path):
    with pytest.raises(FileError, match="cannot read the manifest"):
        load_manifest(tmp_path)
