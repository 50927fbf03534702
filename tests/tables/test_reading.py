"""Whatever bytes a file of rows holds, they are rows or one error."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from normocyte.core.errors import DatasetError, NormocyteError
from normocyte.tables.reading import read_scored

GOOD = {
    "rows.csv": b"path,score,p_value,picture\na/1.png,1.5,0.2,\nb/2.png,,,\n",
    "rows.jsonl": b'{"path": "a/1.png", "score": 1.5, "p_value": 0.2}\n{"path": "b/2.png", "score": null}\n',
}
changes = st.lists(
    st.tuples(st.integers(0, 120), st.integers(0, 9), st.binary(max_size=4)), min_size=1, max_size=4
)


@pytest.mark.parametrize("name", GOOD)
@given(places=changes)
@settings(max_examples=300, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_changed_rows_are_read_or_refused(tmp_path, name, places):
    data = bytearray(GOOD[name])
    for place, length, new in places:
        data[place : place + length] = new
    (tmp_path / name).write_bytes(data)
    try:
        assert len(read_scored([tmp_path / name]))
    except NormocyteError as error:
        assert isinstance(error, DatasetError)  # noqa: PT017 - both ends are right
        str(error).encode("utf-8")


def test_fingerprints_of_an_earlier_version_are_refused_beside_those_of_now(tmp_path):
    before, now = tmp_path / "before.csv", tmp_path / "now.csv"
    before.write_text(f"path,score,picture\na/1.png,1.5,{'4f' * 16}\n", encoding="utf-8")
    now.write_text(f"path,score,picture\nb/1.png,1.5,x{'71' * 16}\nc.png,2,x{'71' * 16}\n", encoding="utf-8")
    with pytest.raises(DatasetError, match="Some rows have the fingerprints of an earlier Normocyte"):
        read_scored([before, now])
    assert (len(read_scored([before])), len(read_scored([now]))) == (1, 1)
