"""Nodes and constants of a graph, as a backbone adds them one by one."""

from dataclasses import dataclass, field
from typing import Any

import numpy as np

from normocyte.core.errors import needs


@dataclass
class Drawing:
    """What was added so far; each method gives the name of a tensor."""

    nodes: list[Any] = field(default_factory=list)
    constants: dict[str, Any] = field(default_factory=dict)

    def add(self, kind: str, inputs: list[str], name: str, **attributes: Any) -> str:
        """One node more."""
        self.nodes.append(needs("onnx", "train").helper.make_node(kind, inputs, [name], **attributes))
        return name

    def constant(self, name: str, value: Any) -> str:
        """One constant more."""
        self.constants[name] = np.asarray(value, np.float32)
        return name
