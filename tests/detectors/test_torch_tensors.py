import pickle

import numpy as np
import pytest

from normocyte.core.errors import ConfigError
from normocyte.detectors.backbones.support.torch_tensors import read_tensors

DICTIONARY = b"ccollections\nOrderedDict\n)R"


def text(word: str) -> bytes:
    return b"X" + len(word).to_bytes(4, "little") + word.encode()


def number(value: int) -> bytes:
    return b"J" + value.to_bytes(4, "little", signed=True)


def numbers(values) -> bytes:
    return b"(" + b"".join(map(number, values)) + b"t"


def tensor(key: str, count: int, start: int, shape, strides, kind=b"FloatStorage") -> bytes:
    storage = b"(" + text("storage") + b"ctorch\n" + kind + b"\n" + text(key) + text("cpu") + number(count)
    whole = storage + b"NtQ" + number(start) + numbers(shape) + numbers(strides) + b"\x89" + DICTIONARY
    return b"ctorch._utils\n_rebuild_tensor_v2\n(" + whole + b"tR"


def saved(path, tensors: dict[str, bytes], storages: dict[str, np.ndarray]):
    """A file as torch.save wrote them before version 1.6."""
    items = b"".join(text(name) + content for name, content in tensors.items())
    head = [pickle.dumps(one, 2) for one in (0x1950A86A20F9469CFC6C, 1001, {"little_endian": True})]
    table = b"\x80\x02" + DICTIONARY + b"(" + items + b"u."
    keys = pickle.dumps(list(storages), 2)
    content = [len(array).to_bytes(8, "little") + array.tobytes() for array in storages.values()]
    path.write_bytes(b"".join([*head, table, keys, *content]))
    return path


FLOATS = np.arange(6, dtype=np.float32)


def test_tensors_are_read_by_name_with_shape_start_and_strides(tmp_path):
    tensors = {"rows": tensor("1", 6, 0, (2, 3), (3, 1)), "turned": tensor("1", 6, 1, (2, 2), (1, 2))}
    read = read_tensors(saved(tmp_path / "x.pth", tensors, {"1": FLOATS}))
    np.testing.assert_array_equal(read["rows"], [[0, 1, 2], [3, 4, 5]])
    np.testing.assert_array_equal(read["turned"], [[1, 3], [2, 4]])


def test_whole_numbers_are_read_too(tmp_path):
    tensors = {"count": tensor("7", 1, 0, (), (), b"LongStorage")}
    read = read_tensors(saved(tmp_path / "x.pth", tensors, {"7": np.array([41], np.int64)}))
    assert read["count"] == 41


@pytest.mark.parametrize(
    "content", [b"cos\nsystem\n(" + text("touch harm") + b"tR", b"cbuiltins\neval\n(" + text("1") + b"tR"]
)
def test_a_function_in_the_file_is_refused_and_never_called(content, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    path = saved(tmp_path / "x.pth", {"bad": content}, {})
    with pytest.raises(ConfigError, match=r"no file of tensors alone.*it names (os.system|builtins.eval)"):
        read_tensors(path)
    assert [file.name for file in tmp_path.iterdir()] == ["x.pth"]


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (tensor("1", 6, 2, (2, 3), (3, 1)), "reaches beyond its numbers"),
        (tensor("1", 6, 0, (2, 3), (3, -1)), "reaches beyond its numbers"),
        (number(5), "something else than tensors"),
        (tensor("1", 60, 0, (2, 3), (3, 1)), "it ends too early"),
        (b"(" + text("a") + text("b") + b"d", "the operation DICT"),
    ],
)
def test_what_is_not_a_plain_tensor_is_refused(content, reason, tmp_path):
    path = saved(tmp_path / "x.pth", {"odd": content}, {"1": FLOATS})
    with pytest.raises(ConfigError, match=f"x.pth is no file of tensors alone.*{reason}"):
        read_tensors(path)


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 a zip file", b"\x80\x02K\x05.", pickle.dumps(3)])
def test_a_file_of_another_kind_is_refused(content, tmp_path):
    path = tmp_path / "x.pth"
    path.write_bytes(content)
    with pytest.raises(ConfigError, match="no file of tensors alone"):
        read_tensors(path)


def test_a_file_that_is_cut_short_is_refused(tmp_path):
    path = saved(tmp_path / "x.pth", {"rows": tensor("1", 6, 0, (2, 3), (3, 1))}, {"1": FLOATS})
    whole = path.read_bytes()
    for length in range(0, len(whole), 7):
        path.write_bytes(whole[:length])
        with pytest.raises(ConfigError, match="no file of tensors alone"):
            read_tensors(path)


def test_a_file_that_is_not_there_is_named(tmp_path):
    with pytest.raises(ConfigError, match=r"Cannot read .*absent.pth"):
        read_tensors(tmp_path / "absent.pth")
