"""What a section of the page is made of."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from studies.kit.tables import Table


@dataclass(frozen=True)
class Section:
    """The tables of a section by name, and what else its sentences name."""

    tables: dict[str, Table]
    facts: dict[str, Any] = field(default_factory=dict)
