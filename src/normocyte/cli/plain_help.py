"""Help pages in plain terms: `CONFIG` for an argument, no type for a flag, whole sentences in lists."""

import inspect
from typing import Any

from typer.core import TyperArgument, TyperCommand, TyperGroup, TyperOption

_BRACES = str.maketrans("", "", "{}")


class PlainCommand(TyperCommand):
    """A command whose help names an argument as it is written, without the type of a flag or argument."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.help = _unbroken(self.help)

    def get_params(self, ctx: Any) -> list[Any]:
        """The parameters, each with what its help shows in place of a type."""
        return [_plain(param) for param in super().get_params(ctx)]

    def collect_usage_pieces(self, ctx: Any) -> list[str]:
        """The pieces of the line of usage, where what is required has no brackets."""
        return [piece.translate(_BRACES) for piece in super().collect_usage_pieces(ctx)]

    def get_short_help_str(self, limit: int = 0) -> str:
        """The first paragraph of the help, whole."""
        del limit
        return _first_paragraph(self)


class PlainGroup(TyperGroup):
    """A group of commands whose help is written in the same way."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.help = _unbroken(self.help)

    def get_params(self, ctx: Any) -> list[Any]:
        """The parameters, each with what its help shows in place of a type."""
        return [_plain(param) for param in super().get_params(ctx)]

    def get_short_help_str(self, limit: int = 0) -> str:
        """The first paragraph of the help, whole."""
        del limit
        return _first_paragraph(self)


def _plain(param: Any) -> Any:
    """The parameter without what only a programmer reads: `<bool>`, `<list[Path]>`, `x>=0`."""
    if isinstance(param, TyperArgument):
        param.metavar = param.metavar or param.name.upper()
        vars(param)["display_type_rich"] = _nothing
    elif isinstance(param, TyperOption) and param.is_flag:
        param.metavar = ""
    vars(param)["_get_number_range_help_str"] = _nothing
    return param


def _nothing(**_: Any) -> str:
    return ""


def _unbroken(text: str | None) -> str | None:
    """The text with each paragraph on one line, which then wraps as wide as the terminal is."""
    if text is None:
        return None
    return "\n\n".join(" ".join(lines.split()) for lines in inspect.cleandoc(text).split("\n\n"))


def _first_paragraph(command: Any) -> str:
    return " ".join(inspect.cleandoc(command.help or "").partition("\n\n")[0].split())
