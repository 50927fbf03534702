"""Reads the tensors of a file that torch.save wrote before version 1.6, and nothing else of it.

Such a file is five pickles and the bytes of the storages. The pickles are never loaded: `pickletools` lists
their operations, and of those only the few that write down a dictionary of tensors are followed. A name of a
function is compared with a list and never looked up, so that nothing of the file is ever called.
"""

import pickletools
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
import numpy.typing as npt

from normocyte.core.errors import ConfigError

Tensors = dict[str, npt.NDArray[Any]]

_MAGIC = 0x1950A86A20F9469CFC6C
_PROTOCOL = 1001
_LENGTH_BYTES = 8
_KINDS = {"torch FloatStorage": "<f4", "torch LongStorage": "<i8"}
_DICTIONARY = "collections OrderedDict"
_TENSOR = "torch._utils _rebuild_tensor_v2"
_KNOWN = {*_KINDS, _DICTIONARY, _TENSOR}
_MARK = object()


@dataclass(frozen=True)
class _Name:
    """A name in the file, such as that of a function: a text, nothing that could be called."""

    text: str


@dataclass(frozen=True)
class _Storage:
    key: str
    kind: str
    count: int


@dataclass(frozen=True)
class _Tensor:
    storage: _Storage
    start: int
    shape: tuple[int, ...]
    strides: tuple[int, ...]


class _Refused(ValueError):
    """The file holds something else than tensors."""


def read_tensors(path: Path) -> Tensors:
    """The tensors of the file by their names; ConfigError where it holds anything else."""
    try:
        with path.open("rb") as file:
            if [_content(file), _content(file)] != [_MAGIC, _PROTOCOL]:
                raise _Refused("it does not begin as such a file does")
            _content(file)  # the sizes of numbers on the machine that wrote it
            table = _content(file)
            keys = _content(file)
            storages = _storages(file, table, keys)
    except (ValueError, TypeError, KeyError, IndexError, AttributeError, EOFError) as error:
        raise ConfigError(
            f"{path.name} is no file of tensors alone, as torch.save wrote them before version 1.6: {error}. "
            "Give the file of the package it comes with."
        ) from error
    except OSError as error:
        raise ConfigError(f"Cannot read {path}: {error.strerror or error}. Check the path.") from error
    return {name: _array(tensor, storages) for name, tensor in table.items()}


def _storages(file: BinaryIO, table: Any, keys: Any) -> dict[str, npt.NDArray[Any]]:
    """The numbers of each storage, which follow in the order of the keys."""
    if not all(isinstance(tensor, _Tensor) for tensor in table.values()):
        raise _Refused("it holds something else than tensors")
    known = {tensor.storage.key: tensor.storage for tensor in table.values()}
    storages = {}
    for key in keys:
        storage = known[key]
        count = int.from_bytes(file.read(_LENGTH_BYTES), "little")
        kind = np.dtype(_KINDS[storage.kind])
        content = file.read(count * kind.itemsize) if count == storage.count else b""
        if len(content) != count * kind.itemsize:
            raise _Refused("it ends too early")
        storages[key] = np.frombuffer(content, kind)
    return storages


def _array(tensor: _Tensor, storages: dict[str, npt.NDArray[Any]]) -> npt.NDArray[Any]:
    values = storages[tensor.storage.key][tensor.start :]
    strides = [values.itemsize * stride for stride in tensor.strides]
    return np.ascontiguousarray(
        np.lib.stride_tricks.as_strided(values, tensor.shape, strides, writeable=False)
    )


@dataclass
class _Machine:
    """What the operations of one pickle have written down so far."""

    stack: list[Any] = field(default_factory=list)
    memo: dict[int, Any] = field(default_factory=dict)

    def since_mark(self) -> list[Any]:
        """Take off what lies above the last mark, and the mark."""
        at = max(place for place, item in enumerate(self.stack) if item is _MARK)
        items = self.stack[at + 1 :]
        del self.stack[at:]
        return items

    def taken(self, count: int) -> tuple[Any, ...]:
        """Take off the uppermost items."""
        items = tuple(self.stack[-count:])
        del self.stack[-count:]
        return items


def _content(file: BinaryIO) -> Any:
    """What the next pickle of the file writes down, made of numbers, texts, lists, dictionaries, tensors."""
    machine = _Machine()
    for name, argument in _operations(file):
        step = _STEPS.get(name)
        if step is None:
            raise _Refused(f"it holds the operation {name}")
        step(machine, argument)
    (content,) = machine.stack
    return content


def _operations(file: BinaryIO) -> Iterator[tuple[str, Any]]:
    for operation, argument, _ in pickletools.genops(file):
        if operation.name not in ("PROTO", "STOP"):
            yield operation.name, argument


def _push(machine: _Machine, argument: Any) -> None:
    machine.stack.append(argument)


def _always(make: Callable[[], Any]) -> Callable[[_Machine, Any], None]:
    return lambda machine, _: machine.stack.append(make())


def _tuple_of(count: int) -> Callable[[_Machine, Any], None]:
    return lambda machine, _: machine.stack.append(machine.taken(count))


def _tuple(machine: _Machine, _: Any) -> None:
    machine.stack.append(tuple(machine.since_mark()))


def _appends(machine: _Machine, _: Any) -> None:
    items = machine.since_mark()
    machine.stack[-1].extend(items)


def _append(machine: _Machine, _: Any) -> None:
    (item,) = machine.taken(1)
    machine.stack[-1].append(item)


def _set_items(machine: _Machine, _: Any) -> None:
    items = machine.since_mark()
    machine.stack[-1].update(zip(items[::2], items[1::2], strict=True))


def _set_item(machine: _Machine, _: Any) -> None:
    key, value = machine.taken(2)
    machine.stack[-1][key] = value


def _put(machine: _Machine, place: int) -> None:
    machine.memo[place] = machine.stack[-1]


def _get(machine: _Machine, place: int) -> None:
    machine.stack.append(machine.memo[place])


def _name(machine: _Machine, text: str) -> None:
    if text not in _KNOWN:
        raise _Refused(f"it names {text.replace(' ', '.')}")
    machine.stack.append(_Name(text))


def _storage(machine: _Machine, _: Any) -> None:
    (facts,) = machine.taken(1)
    word, kind, key, _device, count, _view = facts
    if word != "storage" or kind.text not in _KINDS:
        raise _Refused("it refers to something else than numbers")
    machine.stack.append(_Storage(key, kind.text, count))


def _reduce(machine: _Machine, _: Any) -> None:
    """What a name and its arguments stand for: an empty dictionary, or a tensor."""
    name, arguments = machine.taken(2)
    machine.stack.append({} if name.text == _DICTIONARY and not arguments else _tensor(name, arguments))


def _tensor(name: _Name, arguments: tuple[Any, ...]) -> _Tensor:
    storage, start, shape, strides, *_ = arguments
    if name.text != _TENSOR or not isinstance(storage, _Storage):
        raise _Refused("it holds something else than tensors")
    last = start + sum((side - 1) * stride for side, stride in zip(shape, strides, strict=True))
    if min(start, *shape, *strides, 0) < 0 or last >= storage.count:
        raise _Refused("a tensor reaches beyond its numbers")
    return _Tensor(storage, start, shape, strides)


def _build(machine: _Machine, _: Any) -> None:
    """Leave out what a dictionary carries besides its items."""
    machine.taken(1)


_STEPS: dict[str, Callable[[_Machine, Any], None]] = {
    **dict.fromkeys(("BININT", "BININT1", "BININT2", "LONG1", "BINUNICODE"), _push),
    "NONE": _always(lambda: None),
    "NEWTRUE": _always(lambda: True),
    "NEWFALSE": _always(lambda: False),
    "MARK": _always(lambda: _MARK),
    "EMPTY_DICT": _always(dict),
    "EMPTY_LIST": _always(list),
    "EMPTY_TUPLE": _always(tuple),
    "TUPLE": _tuple,
    "TUPLE1": _tuple_of(1),
    "TUPLE2": _tuple_of(2),
    "TUPLE3": _tuple_of(3),
    "APPEND": _append,
    "APPENDS": _appends,
    "SETITEM": _set_item,
    "SETITEMS": _set_items,
    **dict.fromkeys(("BINPUT", "LONG_BINPUT"), _put),
    **dict.fromkeys(("BINGET", "LONG_BINGET"), _get),
    "GLOBAL": _name,
    "BINPERSID": _storage,
    "REDUCE": _reduce,
    "BUILD": _build,
}
