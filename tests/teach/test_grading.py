"""Answers as students hand them in: right or the kind of mistake, and a word on each line that cannot be read."""

from __future__ import annotations

from pathlib import Path

import pytest

from cofactor.errors import FileError
from cofactor.teach import EXERCISES, right_answer
from cofactor.teach.answer_file import read_answer_file
from cofactor.teach.grading import grade
from cofactor.teach.roster import Student

ADA, BEN = Student("Ada Lovelace", 11), Student("Ben", 12)


def mean_and_se(student: Student) -> tuple[float, float]:
    mean, se = right_answer("00.1", seed=student.seed).values
    return mean, se


def write(folder: Path, name: str, *lines: str) -> Path:
    (folder / name).write_text("\n".join(lines) + "\n", encoding="utf-8")
    return folder / name


def test_each_answer_is_graded_on_the_students_own_data(tmp_path: Path) -> None:
    mean, se = mean_and_se(ADA)
    write(tmp_path, "ada_lovelace.csv", "exercise,answer,se", f"00.1,{mean:.4g},{se:.3g}")
    write(tmp_path, "12.csv", "exercise,answer,se", f"00.1,{mean:.4g},{se:.3g}")
    done = grade([tmp_path], [ADA, BEN])
    assert done.table[["name", "right"]].to_numpy().tolist() == [["Ada Lovelace", "yes"], ["Ben", "no"]]
    assert done.summary.to_numpy().tolist() == [["Ada Lovelace", 1, 1], ["Ben", 1, 0]]
    assert done.problems == ()


def test_kind_of_mistake_stands_in_the_grades(tmp_path: Path) -> None:
    mean, se = mean_and_se(ADA)
    path = write(tmp_path, "11.csv", "exercise,answer,se", f"0.1,{mean / 1000:.4g},{se / 1000:.3g}")
    assert grade([path], [ADA]).table[["exercise", "kind"]].to_numpy().tolist() == [["00.1", "units"]]


def test_one_file_may_hold_a_class_as_forms_export_it(tmp_path: Path) -> None:
    rows = [f"{one.name},00.1,{mean_and_se(one)[0]:.4g},{mean_and_se(one)[1]:.3g}" for one in (BEN, ADA)]
    path = write(tmp_path, "form.csv", "Student,Exercise,Answer,SE", *rows)
    done = grade([path], [ADA, BEN])
    assert done.table["name"].tolist() == ["Ada Lovelace", "Ben"]
    assert done.table["right"].tolist() == ["yes", "yes"]


@pytest.mark.parametrize(
    "line",
    ["00.1;{mean};{se}", "0,1;{mean};{se}", '00.1;"{mean}; {se}";', "00.1;{mean} {se};"],
    ids=["as asked", "spreadsheet's number", "both in one cell", "with a space"],
)
def test_decimal_commas_and_cells_of_several_numbers(line: str, tmp_path: Path) -> None:
    mean, se = (f"{value:.4g}".replace(".", ",") for value in mean_and_se(ADA))
    path = write(tmp_path, "11.csv", "exercise;answer;se", line.format(mean=mean, se=se))
    assert grade([path], [ADA]).table["right"].tolist() == ["yes"]


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("00.1,293 mg,2", "'mg' is no number"),
        ("00.1,,2", "no answer to 00.1"),
        ("00.1", "no answer to 00.1"),
        ("00.1,293", "asks for 2 numbers (mean; standard error)"),
        ("77.1,293,2", "there is no exercise '77.1'"),
        ('00.1,"1,293",2', "without thousands separator"),
        ("00.1,nan,2", "'nan' is no number"),
        ("00.1,1e999,2", "asks for 2 numbers"),
        ("00.1,1_0,2", "'1_0' is no number"),
        (",293,2", "there is no exercise ''"),
    ],
)
def test_malformed_line_is_told_with_its_place_and_stops_nothing(line: str, says: str, tmp_path: Path) -> None:
    mean, se = mean_and_se(ADA)
    path = write(tmp_path, "11.csv", "exercise,answer,se", line, f"00.1,{mean:.4g},{se:.3g}")
    done = grade([path], [ADA])
    assert done.table["right"].tolist() == ["yes"]
    assert len(done.problems) == 1
    assert done.problems[0].startswith("11.csv, line 2: ")
    assert says in done.problems[0]


def test_files_that_are_none_are_told_and_stop_nothing(tmp_path: Path) -> None:
    mean, se = mean_and_se(ADA)
    write(tmp_path, "11.csv", "exercise,answer,se", f"00.1,{mean:.4g},{se:.3g}")
    write(tmp_path, "Charles.csv", "exercise,answer,se", "00.1,1,1")
    write(tmp_path, "ben.csv", "question,result", "00.1,1")
    (tmp_path / "book.csv").write_bytes(b"PK\x03\x04")
    done = grade([tmp_path], [ADA, BEN])
    assert done.table["name"].tolist() == ["Ada Lovelace"]
    told = "\n".join(done.problems)
    for words in ("'Charles' is neither a name nor a seed", "no column exercise and no column answer", "a workbook"):
        assert words in told


def test_last_of_two_answers_counts_and_that_is_told(tmp_path: Path) -> None:
    mean, se = mean_and_se(ADA)
    path = write(tmp_path, "11.csv", "exercise,answer,se", "00.1,1,1", f"00.1,{mean:.4g},{se:.3g}")
    done = grade([path], [ADA])
    assert done.table["right"].tolist() == ["yes"]
    assert done.problems == ("11.csv, line 3: 00.1 again; it counts, and 11.csv, line 2 does not",)


def test_folder_without_answers_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(FileError, match="no CSV file in this folder"):
        grade([tmp_path], [ADA])


def test_right_answers_as_the_key_writes_them_are_right(tmp_path: Path) -> None:
    """The key is made by the program; the file is read as a student's: six digits, semicolons, letters."""
    from cofactor.teach.exercise_set import answer_key

    key = answer_key([ADA], list(EXERCISES))
    rows = [f'{row.exercise},"{row.answer}"' for row in key.itertuples()]
    path = write(tmp_path, "11.csv", "exercise,answer", *rows)
    given, problems = read_answer_file(path)
    assert (len(given), problems) == (len(EXERCISES), [])
    assert set(grade([path], [ADA]).table["right"]) == {"yes"}
