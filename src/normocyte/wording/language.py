"""The language of the reader: sentences from the catalogue, numbers as that language writes them.

A catalogue is `languages/CODE.po`, compiled to `CODE.mo`. Its message ids are the English sentences.
"""

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from functools import cache, cached_property
from gettext import GNUTranslations, NullTranslations
from pathlib import Path

from normocyte.core.errors import ConfigError
from normocyte.core.messages import Figure, Message, fill

ENGLISH = "en"
FOLDER = Path(__file__).with_name("languages")
_SAMPLE = re.compile(r"^(.*?)1(.*?)234(.*?)5(.*)$")
_PERCENT = re.compile(r"(.*?)(\s*%)")
_VARIABLES = ("LC_ALL", "LC_MESSAGES", "LANG")


@dataclass(frozen=True)
class Language:
    """A language by its code, such as fr, and its catalogue."""

    code: str = ENGLISH
    catalogue: NullTranslations = field(default_factory=NullTranslations)

    @cached_property
    def _marks(self) -> tuple[str, str, str, str]:
        """What this language writes before a percentage, between thousands, before decimals, and after."""
        sample = self.catalogue.pgettext("how a number and a percentage are written", "1,234.5 %")
        found = _SAMPLE.match(sample)
        before, group, point, after = found.groups() if found else ("", ",", ".", " %")
        return before, group, point, after

    def figure(self, text: str) -> str:
        """A number or a percentage that English writes so."""
        if self.code == ENGLISH:
            return str(text)
        before, group, point, after = self._marks
        percent = _PERCENT.fullmatch(text)
        number = (percent[1] if percent else text).translate({ord(","): group, ord("."): point})
        return f"{before}{number}{after}" if percent else number


_CURRENT: ContextVar[Language | None] = ContextVar("language", default=None)
_ENGLISH = Language()


def languages() -> tuple[str, ...]:
    """The codes of the languages that there are, English first."""
    return (ENGLISH, *sorted(file.stem for file in FOLDER.glob("*.mo")))


def language_of(code: str) -> Language:
    """The language with this code; ConfigError, which names those that there are, for another."""
    if code not in languages():
        raise ConfigError(f"`language='{code}'` is not known; choose one of: {', '.join(languages())}.")
    return _loaded(code)


@cache
def _loaded(code: str) -> Language:
    if code == ENGLISH:
        return _ENGLISH
    with (FOLDER / f"{code}.mo").open("rb") as file:
        return Language(code, GNUTranslations(file))


def language_for(variables: Mapping[str, str]) -> str:
    """The code of the language that these variables of the environment ask for; English where there is none.

    The first of LC_ALL, LC_MESSAGES and LANG that is set decides, as in other programs. C and POSIX are
    English.

    Example:
        >>> language_for({"LANG": "fr_CA.UTF-8"})
        'fr'
        >>> language_for({"LC_ALL": "C", "LANG": "fr_CA.UTF-8"})
        'en'
    """
    wanted = next((variables[name] for name in _VARIABLES if variables.get(name)), "")
    code = re.split(r"[_.@-]", wanted)[0].lower()
    return code if code in languages() else ENGLISH


@contextmanager
def speaking(language: Language | str) -> Iterator[None]:
    """Within this block sentences are in this language; ConfigError for a code that is not known."""
    found = language_of(language) if isinstance(language, str) else language
    token = _CURRENT.set(found)
    try:
        yield
    finally:
        _CURRENT.reset(token)


def spoken() -> Language:
    """The language of the block around the call; English outside of any."""
    return _CURRENT.get() or _ENGLISH


def gettext(pattern: str, **values: object) -> str:
    """A sentence in the current language, with its values by name.

    Example:
        >>> gettext("{cells} red cells in {photo}", cells=1200, photo="a.jpg")
        '1,200 red cells in a.jpg'
    """
    return _filled(spoken().catalogue.gettext(pattern), values)


def pgettext(context: str, pattern: str, **values: object) -> str:
    """The same for a short text that is translated differently by where it stands, which `context` says."""
    return _filled(spoken().catalogue.pgettext(context, pattern), values)


def ngettext(one: str, many: str, n: int, **values: object) -> str:
    """The same with a pattern for 1 and one for other numbers; the language says which numbers take which.

    Example:
        >>> ngettext("{n} photo", "{n} photos", 3) == "3\\xa0photos"
        True
    """
    return _filled(spoken().catalogue.ngettext(one, many, n), {"n": n, **values})


def translated(text: str) -> str:
    """A text of a result in the current language: a message anew, another text as the catalogue has it.

    A text that is not in the catalogue, such as one of an own part, stays as it is.
    """
    if not isinstance(text, Message):
        return spoken().catalogue.gettext(text) if text else ""
    if len(text.patterns) == 1:
        return gettext(text.patterns[0], **text.values)
    values = dict(text.values)
    return ngettext(*text.patterns, **values)  # type: ignore[arg-type]


def figure(text: str) -> str:
    """A number that English writes so, as the current language writes it."""
    return spoken().figure(text)


def counted(number: int) -> str:
    """A whole number with its thousands apart."""
    return figure(f"{number:,}")


def _filled(pattern: str, values: Mapping[str, object]) -> str:
    return fill(pattern, {name: _said(value) for name, value in values.items()}) if values else pattern


def _said(value: object) -> str:
    """A value as it stands in a sentence of the current language."""
    match value:
        case Message():
            return translated(value)
        case Figure():
            return figure(value)
        case int():
            return counted(value)
    return str(value)
