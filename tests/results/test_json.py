"""Results as JSON: each comes back equal, whatever it holds, and what is wrong is named with its place."""

from __future__ import annotations

import copy
import enum
import json
import re
import types
import typing
from dataclasses import dataclass, field, fields, is_dataclass, replace
from functools import cache

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from normocyte.core.equality import ByValue
from normocyte.core.errors import DatasetError
from normocyte.core.types import CellKind, Estimate, SegmentedCell
from normocyte.results.codec import codec_for
from normocyte.results.comparison import Comparison, Shown
from normocyte.results.evaluation import Contents
from normocyte.results.json import from_json, read_result, to_json, write_result
from normocyte.results.monitoring import Monitored
from normocyte.results.smear import Detection, PhotoResult, Smear
from normocyte.results.study import Study

texts = st.text(st.characters(codec=None), max_size=6) | st.sampled_from(["caf\udce9", "\\", "nan", "a\0b\r"])
SCALARS = {
    bool: st.booleans(),
    int: st.integers(-(2**70), 2**70),
    float: st.floats(),
    str: texts,
}
NUMPY = {np.bool_: st.booleans(), np.str_: texts.map(lambda text: text.rstrip("\0"))}


@cache
def any_of(hint, is_picture=False):
    """Any value that the type hint allows."""
    origin, items = typing.get_origin(hint), typing.get_args(hint)
    if origin is np.ndarray:
        return _any_array(typing.get_args(items[1])[0], is_picture)
    if origin is tuple and items[-1] is Ellipsis:
        return st.lists(any_of(items[0]), max_size=2).map(tuple)
    if origin is tuple:
        return st.tuples(*map(any_of, items))
    if origin in (types.UnionType, typing.Union):
        return st.none() | st.deferred(lambda: any_of(items[0]))
    if hint in SCALARS:
        return SCALARS[hint]
    return st.sampled_from(hint) if issubclass(hint, enum.Enum) else any_object(hint)


def any_object(kind):
    """Any object of a dataclass."""
    assert is_dataclass(kind)
    hints = typing.get_type_hints(kind)
    return st.builds(kind, **{one.name: any_of(hints[one.name], not one.compare) for one in fields(kind)})


def _any_array(kind, is_picture):
    dtype = np.dtype("U9" if kind is np.str_ else kind)
    sides = arrays.array_shapes(min_dims=2, max_dims=3, min_side=0, max_side=3)
    shapes = sides if is_picture else st.tuples(st.integers(0, 3))
    return arrays.arrays(dtype, shapes, elements=NUMPY.get(kind), fill=st.nothing())


RESULTS = [Smear, Study, Contents, Comparison, Monitored]
PARTS = [Detection, PhotoResult]
SMALL = Shown("auroc", "AUROC", "AUROC")
COMPARED = Comparison((SMALL,), (), "classic", 3, (("Data", "drawn"),))


def through_text(content):
    return json.loads(json.dumps(content, allow_nan=False, ensure_ascii=False).encode())


@pytest.mark.parametrize("kind", RESULTS)
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_any_result_comes_back_equal(kind, data):
    found = data.draw(any_object(kind))
    again = from_json(kind, through_text(to_json(found)))
    assert again == found
    assert to_json(again) == to_json(found)


@pytest.mark.parametrize("kind", RESULTS)
@settings(max_examples=5, deadline=None)
@given(data=st.data())
def test_a_file_gives_the_result_back_below_its_summary(kind, data, tmp_path_factory):
    found, place = data.draw(any_object(kind)), tmp_path_factory.mktemp("result") / "one.json"
    write_result(place, to_json(found, {"name": "caf\udce9", "cells": 7}))
    content = json.loads(place.read_text(encoding="utf-8"))
    assert (content["name"], content["cells"]) == ("caf\\xe9", 7)
    assert read_result(kind, place) == found


@dataclass(frozen=True, eq=False)
class Chain:
    """An object that may hold another of its kind."""

    name: str
    share: Estimate
    inner: Chain | None


@dataclass(frozen=True, eq=False)
class Odd(ByValue):
    """What no result holds today, but may tomorrow."""

    pair: tuple[int, str]
    chain: Chain | None
    chains: tuple[Chain, ...]
    nested: tuple[Estimate, ...]
    table: npt.NDArray[np.float32]
    picture: npt.NDArray[np.uint8] = field(compare=False)


@dataclass(frozen=True, eq=False)
class Comparable(ByValue):
    """One array."""

    values: npt.NDArray[np.float64]


@pytest.mark.parametrize("kind", PARTS)
@settings(max_examples=30, deadline=None)
@given(data=st.data())
def test_any_photo_and_any_detection_come_back_equal(kind, data):
    found = data.draw(any_object(kind))
    assert codec_for(kind).read(through_text(codec_for(kind).write(found)), "one") == found


@given(any_object(Odd))
def test_other_fields_come_back_equal(odd):
    assert codec_for(Odd).read(through_text(codec_for(Odd).write(odd)), "odd") == odd


@pytest.mark.parametrize("kind", [complex, float | None, int | str | None, dict[str, int], list[int]])
def test_a_type_that_json_cannot_hold_is_refused_at_once(kind):
    with pytest.raises(TypeError, match="no type that results can hold"):
        codec_for(kind)


def test_a_table_of_numbers_is_no_array_of_a_result():
    with pytest.raises(TypeError, match="2 dimensions"):
        codec_for(npt.NDArray[np.float64]).write(np.ones((2, 2)))


def test_a_picture_comes_back_as_its_shape_in_black():
    cell = SegmentedCell(1, 2, np.ones((3000, 40), np.bool_), CellKind.RED_CELL)
    written = codec_for(SegmentedCell).write(cell)
    again = codec_for(SegmentedCell).read(written, "cell")
    assert (again.width, again.height, again.area_px) == (40, 3000, 0)
    assert len(json.dumps(written)) < 200


def test_cells_are_rows_of_a_table():
    found = to_json(replace(COMPARED, metrics=(SMALL, SMALL)))["result"]["metrics"]
    assert found == {"columns": ["key", "name", "short"], "rows": [["auroc", "AUROC", "AUROC"]] * 2}


@pytest.mark.parametrize(
    "one", [{"seeds": 4}, {"reference": "pca"}, {"metrics": ()}, {"notes": ("A note.",)}]
)
def test_results_that_differ_are_not_equal(one):
    assert replace(COMPARED, **one) != COMPARED


def test_arrays_are_equal_by_their_elements():
    one, other, longer = (Comparable(np.array(values)) for values in ([1.0, np.nan], [1.0, 2.0], [1.0] * 3))
    assert one == Comparable(np.array([1.0, np.nan]))
    assert one not in (other, longer)
    assert one != "text"


CHANGES = [
    ({"seeds": "3"}, "result.seeds is '3', but must be a whole number"),
    ({"seeds": True}, "result.seeds is True, but must be a whole number"),
    ({"seeds": 3.0}, "result.seeds is 3.0"),
    ({"reference": None}, "result.reference is None, but must be a text"),
    ({"reference": ["\\u12"]}, "result.reference has an escape that is none"),
    ({"facts": [["Data"]]}, r"result.facts\[0\] is \['Data'\], but must be a list of 2"),
    ({"facts": [["Data", 7]]}, r"result.facts\[0\]\[1\] is 7"),
    ({"notes": "A note."}, "result.notes is 'A note.', but must be a list"),
    ({"metrics": []}, r"result.metrics is .* a table with the columns key, name, short"),
    (
        {"metrics": {"columns": ["key", "name", "short"], "rows": [["a", "b"]]}},
        r"result.metrics\[0\] is \['a', 'b'\], but must be a list of 3",
    ),
    (
        {"metrics": {"columns": ["key", "name", "short"], "rows": [["a", "b", 1]]}},
        r"result.metrics\[0\].short is 1, but must be a text",
    ),
    ({"rows": [{"name": "x"}]}, r"result.rows\[0\] lacks all_labels, costs, failure, parts, undoubted"),
    ({"colour": "red"}, "result has unknown colour"),
]


@pytest.mark.parametrize(("change", "sentence"), CHANGES)
def test_what_is_wrong_is_named_with_its_place(change, sentence):
    content = copy.deepcopy(to_json(COMPARED))
    content["result"] |= change
    with pytest.raises(DatasetError, match=sentence):
        from_json(Comparison, content)


@pytest.mark.parametrize("schema", [1, 99, None, "2"])
def test_another_schema_is_refused_with_what_to_do(schema):
    sentence = f"is of schema {schema!r}, but this Normocyte reads schema 3 of the kind 'comparison'. Update"
    with pytest.raises(DatasetError, match=re.escape(sentence)):
        from_json(Comparison, to_json(COMPARED) | {"schema": schema})


@pytest.mark.parametrize("content", [[], None, 7, to_json(COMPARED)])
def test_another_kind_is_refused(content):
    with pytest.raises(DatasetError, match="holds no result of the kind 'smear'"):
        from_json(Smear, content)


@pytest.mark.parametrize("text", ["", "{", "[" * 100_000, "\udce9"])
def test_a_file_that_is_no_json_is_refused(text, tmp_path):
    (tmp_path / "one.json").write_bytes(text.encode("utf-8", "surrogateescape"))
    with pytest.raises(DatasetError, match="cannot be read as JSON"):
        read_result(Study, tmp_path / "one.json")


@pytest.mark.parametrize("shape", [[-1, 2], ["2"], 7, [2**40, 2**40], [1] * 99])
def test_a_picture_of_an_impossible_shape_is_refused(shape):
    cell = codec_for(SegmentedCell).write(SegmentedCell(1, 2, np.ones((3, 4), np.bool_), CellKind.RED_CELL))
    with pytest.raises(DatasetError, match=r"cell\.mask is"):
        codec_for(SegmentedCell).read(cell | {"mask": shape}, "cell")


@pytest.mark.parametrize("content", [{"values": [1.0]}, ["x"], [[1.0]], 7, None])
def test_an_array_that_is_none_is_refused(content):
    with pytest.raises(DatasetError, match="wealth"):
        codec_for(npt.NDArray[np.float64]).read(content, "wealth")


def test_a_number_that_does_not_fit_the_array_is_refused():
    with pytest.raises(DatasetError, match="labels is no array of int8"):
        codec_for(npt.NDArray[np.int8]).read([1000], "labels")
