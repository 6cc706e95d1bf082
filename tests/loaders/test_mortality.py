import numpy as np
import pytest

from cofactor.errors import FileError
from cofactor.loaders.mortality import read_mortality


def line(seqn="031127", status="11", cause="001", flags="01", months="30 29 "):
    return seqn.ljust(14) + status + cause + flags + " " * 21 + months


@pytest.fixture
def write(tmp_path):
    def written(*lines, end="\r\n"):
        path = tmp_path / "NHANES_2005_2006_MORT_2019_PUBLIC.dat"
        path.write_bytes((end.join(lines) + end).encode("latin-1"))
        return path

    return written


@pytest.mark.parametrize("end", ["\r\n", "\n"])
def test_fields_are_read_by_their_columns_with_padding(write, end):
    frame = read_mortality(
        write(
            line(),
            line("93703", "2.", "   ", "..", ".  .  ").rstrip(),
            line("93704", "10", "   ", "..", "250.").rstrip(),
            line("93705", "11", "   ", "..", "7  0").rstrip(),
            end=end,
        )
    )
    nan = np.nan
    expected = [
        [31127, 1, 1, 1, 0, 1, 30, 29],
        [93703, 2, nan, nan, nan, nan, nan, nan],
        [93704, 1, 0, nan, nan, nan, 250, nan],
        [93705, 1, 1, nan, nan, nan, 7, 0],
    ]
    assert list(frame.columns) == [
        "SEQN",
        "ELIGSTAT",
        "MORTSTAT",
        "UCOD_LEADING",
        "DIABETES",
        "HYPERTEN",
        "PERMTH_INT",
        "PERMTH_EXM",
    ]
    np.testing.assert_array_equal(frame.to_numpy(), expected)


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        (line()[:43], r"line 2 has 43 characters where 46 to 48"),
        (line() + "1", r"line 2 has 49 characters"),
        (line("31128", cause="011"), r"line 2, columns 17-19 \(UCOD_LEADING\): found '011'"),
        (line("31128", cause="abc"), r"line 2, columns 17-19"),
        (line("31128", status="41"), r"line 2, column 15 \(ELIGSTAT\): found '4'"),
        (line("31128", status=".1"), r"line 2, column 15 \(ELIGSTAT\)"),
        (line("31128", status="12"), r"line 2, column 16 \(MORTSTAT\)"),
        (line("31128", flags="21"), r"line 2, column 20 \(DIABETES\)"),
        (line("31128", months="1e29  "), r"line 2, columns 43-45 \(PERMTH_INT\): found '1e2'"),
        (line("31128", months="-3 29 "), r"line 2, columns 43-45"),
        (line("3112x"), r"line 2, columns 1-14 \(SEQN\)"),
        (line(""), r"line 2, columns 1-14 \(SEQN\)"),
        (line("31128", months="3²029 "), r"line 2: a byte that is no character"),
        (line("31127"), r"line 2: a person who is in the file already"),
        (line("31128", status="21"), r"line 2: a vital status for somebody ineligible"),
        (line("31128", status="1."), r"line 2: .* none for somebody eligible"),
    ],
)
def test_a_wrong_line_is_refused_by_its_number(write, wrong, says):
    with pytest.raises(FileError, match=says) as met:
        read_mortality(write(line(), wrong, line("31129")))
    assert "NHANES_2005_2006" in str(met.value)


@pytest.mark.parametrize(("content", "says"), [(b"", "empty"), (b"\r\n", "empty"), (b"<html>", "web page")])
def test_what_holds_no_lines_is_refused(tmp_path, content, says):
    path = tmp_path / "M.dat"
    path.write_bytes(content)
    with pytest.raises(FileError, match=says):
        read_mortality(path)


def test_a_file_cut_within_a_line_is_refused(write):
    path = write(line(), line("31128"))
    path.write_bytes(path.read_bytes()[:-20])
    with pytest.raises(FileError, match="line 2"):
        read_mortality(path)
