"""Names in a graph that come from the graph alone, so that the same network is the same bytes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any


def name_plainly(graph: Any, first: str, last: Sequence[str]) -> None:
    """Call the input `first`, the outputs as in `last`, and everything between by its place in the graph.

    An exporter numbers layers from when the process began, so a second training would get other names.
    """
    given = {value.name: name for value, name in zip(graph.output, last, strict=True)}
    names = {"": "", graph.input[0].name: first, **given}
    for node in graph.node:
        for name in (*node.input, *node.output):
            names.setdefault(name, f"value_{len(names)}")
    for number, node in enumerate(graph.node):
        node.name = f"{node.op_type}_{number}"
        node.input[:] = [names[name] for name in node.input]
        node.output[:] = [names[name] for name in node.output]
    _name_constants(graph, names)
    _name_ends(graph, names)


def _name_constants(graph: Any, names: dict[str, str]) -> None:
    """In the order of their first use; one that no node uses is left out."""
    places = {name: index for index, name in enumerate(names)}
    used = sorted(
        (constant for constant in graph.initializer if constant.name in names),
        key=lambda constant: places[constant.name],
    )
    for constant in used:
        constant.name = names[constant.name]
    graph.ClearField("initializer")
    graph.initializer.extend(used)


def _name_ends(graph: Any, names: dict[str, str]) -> None:
    graph.ClearField("doc_string")
    graph.ClearField("value_info")  # shapes between, which every runtime finds by itself
    for value in (*graph.input, *graph.output):
        value.name = names[value.name]
        value.type.tensor_type.shape.dim[0].dim_param = "n"
