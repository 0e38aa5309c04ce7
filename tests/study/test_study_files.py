"""Tables and logs as files."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from busim.errors import InputError
from busim.model.events import EventLog, Kind
from busim.model.table import Table
from busim.study.log_file import read_log, write_log
from busim.study.table_csv import kinds_of, read_csv, write_csv

LOG = EventLog.from_rows([(28800, Kind.IDLE, 0, -1, 3, -1, -1, -1, -1, 0.5), (28900, 17, 1, 2, 3, 4, 5, 6, 7, 1e-9)])


@given(
    st.lists(
        st.tuples(
            st.integers(-(2**63), 2**63 - 1),
            st.floats(allow_nan=True, allow_infinity=True),
            st.booleans(),
            st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\r\0")),
        )
    )
)
def test_tables_come_back_exactly(tmp_path_factory, rows):
    """Whatever a table holds, its file gives it back, bit for bit."""
    path = tmp_path_factory.mktemp("table") / "t.csv"
    whole, real, truth, text = zip(*rows, strict=True) if rows else ((), (), (), ())
    table = Table(
        {
            "whole": np.array(whole, np.int64),
            "real": np.array(real, np.float64),
            "truth": np.array(truth, np.bool_),
            "text": np.array(text, object),
        }
    )
    write_csv(table, path)
    again = read_csv(path, kinds_of(table))
    for name, column in table.items():
        np.testing.assert_array_equal(again[name], column)
        assert again[name].dtype == column.dtype


def test_uneven_rows_are_told(tmp_path):
    """A row with another number of fields is named by its line."""
    (tmp_path / "t.csv").write_text("a,b\n1,2\n3\n")
    with pytest.raises(InputError, match=r"t\.csv line 3"):
        read_csv(tmp_path / "t.csv", {"a": "int", "b": "int"})


def test_the_log_file_depends_on_the_log_alone(tmp_path):
    """The same log gives the same bytes, in whichever folder and at whatever time."""
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        write_log(LOG, tmp_path / name, "npz")
    assert (tmp_path / "a" / "events.npz").read_bytes() == (tmp_path / "b" / "events.npz").read_bytes()
    assert b"\x00\x00\x21\x00" in (tmp_path / "a" / "events.npz").read_bytes()[:64]  # 1 January 1980


@pytest.mark.parametrize("log_format", ["npz", "parquet"])
def test_logs_come_back_exactly(tmp_path, log_format):
    """Both formats give the log back with its hash."""
    if log_format == "parquet":
        pytest.importorskip("pyarrow")
    write_log(LOG, tmp_path, log_format)
    again = read_log(tmp_path)
    assert again.sha256() == LOG.sha256()
    assert again.time.dtype == np.int64
