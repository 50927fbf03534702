"""The catalogues hold every sentence of the source, whole, and what is compiled is what is written."""

import io
import re

import pytest
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.frontend import parse_keywords, parse_mapping_cfg
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from normocyte.core.messages import placeholders
from normocyte.wording.language import ENGLISH, FOLDER, languages

CODES = [code for code in languages() if code != ENGLISH]


@pytest.fixture(scope="module")
def source(root):
    """The context and ids of every message of the source, as `just messages` finds them."""
    recipe = (root / "justfile").read_text(encoding="utf-8")
    with (root / "babel.cfg").open(encoding="utf-8") as file:
        methods, options = parse_mapping_cfg(file)
    keywords = parse_keywords(["gettext", "ngettext:1,2", "pgettext:1c,2", *re.findall(r"-k (\S+)", recipe)])
    found = extract_from_dir(root / "src" / "normocyte", methods, options, keywords)
    return {(context, message) for _, _, message, _, context in found}


def catalogue(code):
    with (FOLDER / f"{code}.po").open("rb") as file:
        return read_po(file, locale=code)


def messages(found):
    return [message for message in found if message.id]


def ids(message):
    return message.id if isinstance(message.id, tuple) else (message.id,)


def strings(message):
    return message.string if isinstance(message.string, tuple) else (message.string,)


def faults(found):
    """What is wrong with a catalogue, message by message."""
    wrong = []
    for message in messages(found):
        known = set.union(*map(placeholders, ids(message)))
        most = placeholders(strings(message)[-1])
        if not all(strings(message)):
            wrong.append(f"not translated: {ids(message)[0]}")
        elif message.fuzzy:
            wrong.append(f"fuzzy: {ids(message)[0]}")
        elif most != known or any(not placeholders(text) <= known for text in strings(message)):
            wrong.append(f"other values: {ids(message)[0]}")
    return wrong


@pytest.mark.parametrize("code", CODES)
def test_a_catalogue_has_the_messages_of_the_source_and_no_other(source, code):
    found = {(message.context, message.id) for message in messages(catalogue(code))}
    assert (source - found, found - source) == (set(), set())


@pytest.mark.parametrize("code", CODES)
def test_every_message_is_translated_with_its_values(code):
    assert faults(catalogue(code)) == []


@pytest.mark.parametrize("code", CODES)
def test_the_compiled_catalogue_is_that_which_is_written(code):
    compiled = io.BytesIO()
    write_mo(compiled, catalogue(code))
    assert (FOLDER / f"{code}.mo").read_bytes() == compiled.getvalue()


def test_there_is_more_than_one_language_and_each_is_one_file_to_write():
    assert sorted(file.stem for file in FOLDER.glob("*.po")) == CODES
    assert "fr" in CODES


@pytest.mark.parametrize(
    ("text", "flags", "fault"),
    [("", (), "not translated"), ("{cells}", ("fuzzy",), "fuzzy"), ("{photos}", (), "other values")],
)
def test_a_fault_of_a_translation_is_found(text, flags, fault):
    found = Catalog(locale="fr")
    found.add("about {cells}", text, flags=flags)
    assert faults(found) == [f"{fault}: about {{cells}}"]
