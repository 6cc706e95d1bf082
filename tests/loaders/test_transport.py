import logging
import struct

import numpy as np
import pandas as pd
import pyreadstat
import pytest

from cofactor.errors import FileError
from cofactor.loaders.header import read_header
from cofactor.loaders.transport import read_transport

ARTEFACT = bytes.fromhex("0010000000000000")  # 16**-65, what some programs write for zero
MARKED = 12345.0


def ibm(value: float) -> bytes:
    """Encode a positive number as IBM's hexadecimal floating point, by its definition: 16**(e-64) * 0.f."""
    exponent = 64
    while value >= 1:
        value, exponent = value / 16, exponent + 1
    while value < 1 / 16:
        value, exponent = value * 16, exponent - 1
    return struct.pack(">Q", (exponent << 56) | int(value * 2**56))


@pytest.fixture
def people():
    return pd.DataFrame(
        {
            "SEQN": [1.0, 2.0, 3.0, 4.0],
            "X": [0.0, np.nan, MARKED, -2.5],
            "T": ["a", "", "long text", "b "],
            "Y": [1.5, 2.5, 3.5, 4.5],
        }
    )


def test_values_zeros_and_missing_come_back_as_written(xpt, people, tmp_path):
    table = read_transport(xpt(people, tmp_path / "A.xpt"))
    assert list(table.frame.columns) == ["SEQN", "X", "T", "Y"]
    np.testing.assert_array_equal(table.frame["X"], people["X"])
    assert table.frame["X"][0] == 0.0
    assert table.zeros_mended == 0
    assert table.encoding == "UTF-8"


def test_text_loses_trailing_blanks_and_a_blank_is_missing(xpt, people, tmp_path):
    text = read_transport(xpt(people, tmp_path / "A.xpt")).frame["T"]
    assert text.isna().tolist() == [False, True, False, False]
    assert text.dropna().tolist() == ["a", "long text", "b"]


def test_a_spoilt_zero_becomes_zero_counted_and_logged(xpt, people, tmp_path, caplog):
    path = xpt(people, tmp_path / "A.xpt")
    raw = path.read_bytes()
    assert raw.count(ibm(MARKED)) == 1
    path.write_bytes(raw.replace(ibm(MARKED), ARTEFACT))
    unguarded, _ = pyreadstat.read_xport(str(path))
    assert unguarded["X"][2] == pytest.approx(5.397605e-79)
    with caplog.at_level(logging.INFO):
        table = read_transport(path)
    assert table.frame["X"][2] == 0.0
    assert table.zeros_mended == 1
    assert "A.xpt: 1 values" in caplog.text


def test_the_smallest_real_number_of_the_guard_stays(xpt, tmp_path):
    values = pd.DataFrame({"X": [2e-70, -2e-70, 5e-71]})
    table = read_transport(xpt(values, tmp_path / "A.xpt"))
    np.testing.assert_allclose(table.frame["X"], [2e-70, -2e-70, 0.0], rtol=1e-14)


def test_windows_1252_is_read_where_utf_8_fails(xpt, people, tmp_path):
    path = xpt(people, tmp_path / "A.xpt")
    path.write_bytes(path.read_bytes().replace(b"long text", b"Sj\xf6gren\x92s"))
    table = read_transport(path)
    assert table.encoding == "WINDOWS-1252"
    assert table.frame["T"][2] == "Sjögren’s"


def test_only_the_columns_asked_are_read_in_the_order_asked(xpt, people, tmp_path):
    path = xpt(people, tmp_path / "A.xpt")
    assert list(read_transport(path, columns=["Y", "SEQN"]).frame.columns) == ["Y", "SEQN"]


def test_a_missing_column_is_named_with_near_names(xpt, people, tmp_path):
    path = xpt(people.rename(columns={"Y": "RIDAGEYR"}), tmp_path / "A.xpt")
    with pytest.raises(FileError, match=r"A\.xpt lacks RIDAGEYS .*did you mean RIDAGEYR"):
        read_transport(path, columns=["SEQN", "RIDAGEYS"])


def test_the_header_counts_columns_and_bytes(xpt, people, tmp_path):
    header = read_header(xpt(people, tmp_path / "A.xpt"))
    assert header.names == ("SEQN", "X", "T", "Y")
    assert header.numeric == (True, True, False, True)
    assert header.row_bytes == 3 * 8 + len("long text")
    assert header.admits(4)
    assert not header.admits(5)
    assert not header.admits(2)


@pytest.mark.parametrize("rows", [0, 1, 2, 9, 10, 11, 100])
def test_padding_is_no_row(xpt, tmp_path, rows):
    frame = pd.DataFrame({"X": np.arange(1.0, rows + 1)})
    assert len(read_transport(xpt(frame, tmp_path / "A.xpt")).frame) == rows


def damaged(path, change):
    path.write_bytes(change(path.read_bytes()))
    return path


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda raw: b"", "empty"),
        (lambda raw: b"\n <!DOCTYPE html><html>not found</html>", "web page"),
        (lambda raw: raw[:-37], "no multiple of 80"),
        (lambda raw: raw[:-80], "do not hold whole rows"),
        (lambda raw: raw[:400], "NAMESTR record is not at"),
        (lambda raw: raw[:800], "OBS record is not at"),
        (lambda raw: b"PK\x03\x04" + raw[4:], "no SAS transport file"),
        (lambda raw: b"HEADER RECORD*******LIBV8   " + raw[28:], "version 8"),
        (lambda raw: raw[:614] + b"00x4" + raw[618:], "number of columns"),
        (lambda raw: raw[:614] + b"0000" + raw[618:], "number of columns"),
        (lambda raw: raw[:640] + b"\x00\x09" + raw[642:], "description of column 1 of 4"),
        (lambda raw: raw.replace(b"Y       ", b"X       ", 1), "more than once"),
    ],
)
def test_what_is_damaged_is_refused_with_the_reason(xpt, people, tmp_path, change, says):
    path = damaged(xpt(people, tmp_path / "A.xpt"), change)
    with pytest.raises(FileError, match=says) as met:
        read_transport(path)
    assert "A.xpt" in str(met.value)


def test_a_file_that_is_absent_is_named(tmp_path):
    with pytest.raises(FileError, match=r"cannot read .*NOT_D\.xpt"):
        read_transport(tmp_path / "NOT_D.xpt")
