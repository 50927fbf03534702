"""Own parts from a folder: found like those of the package, never in their place, and only when asked for."""

import os
import subprocess
import sys

import pytest

from normocyte.core.cancel import Stopped
from normocyte.core.config import Document, build_part
from normocyte.core.errors import ConfigError
from normocyte.core.own import loading
from normocyte.core.own.loading import load_own_parts
from normocyte.core.registry import own_file, part_class, part_name, part_names

pytestmark = pytest.mark.usefixtures("own_parts_forgotten")

LOUDEST = '''
from dataclasses import dataclass

import numpy as np

from normocyte.core.fields import described
from normocyte.scores.contract import Score


@dataclass
class Loudest(Score):
    """The highest value of the map."""

    scale: float = described(1.0, "what it is multiplied by", above=0)

    def reduce(self, maps, masks):
        counted = np.where(masks > 0, maps.astype(float), -np.inf).max(axis=(1, 2))
        return np.where((masks > 0).any(axis=(1, 2)), self.scale * counted, np.nan)
'''


@pytest.fixture
def write(tmp_path):
    """Writes a file into the folder of own parts and gives that folder."""

    def one(name, text=LOUDEST, folder="my_parts"):
        path = tmp_path / folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        return tmp_path / folder

    return one


def test_an_own_part_is_found_by_its_file_name(write):
    folder = write("scores/loudest.py")
    loaded = load_own_parts(folder)
    assert loaded.keys == (("scores", "loudest"),)
    assert loaded.sentences == (f"Own parts are loaded from {folder}: scores/loudest.",)
    assert "loudest" in part_names("scores")


def test_an_own_part_is_built_checked_and_named_like_any_other(write):
    load_own_parts(write("scores/loudest.py"))
    document = Document("recipe.toml", "", {})
    part = build_part(document, "scores", {"name": "loudest", "scale": 2.0}, ("score",))
    assert (part.scale, part_name(part), own_file(part).name) == (2.0, "loudest", "loudest.py")
    with pytest.raises(ConfigError, match=r"scale must be .* above 0, not -1"):
        part_class("scores", "loudest")(scale=-1.0)


def test_what_own_parts_share_lies_in_private_files_and_folders(write):
    write("scores/_base.py", LOUDEST)
    write("scores/shared/words.py", "LOUD = 2.0")
    text = "from normocyte.scores._base import Loudest, dataclass\n"
    text += "from normocyte.scores.shared.words import LOUD\n"
    loaded = load_own_parts(
        write("scores/louder.py", text + "@dataclass\nclass Louder(Loudest):\n    twice = LOUD\n")
    )
    assert loaded.keys == (("scores", "louder"),)
    assert part_class("scores", "louder").twice == 2.0


def test_what_two_folders_share_by_one_name_is_refused_before_code_runs(write):
    write("scores/_common.py", "LOUD = 1.0", folder="a")
    load_own_parts(write("scores/loudest.py", folder="a"))
    write("scores/_common.py", "LOUD = 2.0", folder="b")
    other = write("scores/other.py", "raise SystemExit('this ran')", folder="b")
    with pytest.raises(ConfigError, match=r"b.*_common\.py and .*a.*_common\.py have the same name; rename"):
        load_own_parts(other)


def test_a_shared_folder_of_the_name_of_one_of_normocyte_is_refused(write):
    write("scores/support/words.py", "LOUD = 1.0")
    with pytest.raises(ConfigError, match="have the same name; rename one of them"):
        load_own_parts(write("scores/loudest.py"))


def test_the_file_that_is_registered_is_the_one_that_runs(write):
    load_own_parts(write("scores/loudest.py", folder="a"))
    write("scores/later.py", LOUDEST.replace("Loudest", "OfA"), folder="a")
    load_own_parts(write("scores/later.py", LOUDEST.replace("Loudest", "OfB"), folder="b"))
    assert part_class("scores", "later").__name__ == "OfB"


def test_a_broken_part_does_not_stand_in_the_way_of_another_folder(write):
    write("scores/_common.py", "LOUD = 1.0", folder="a")
    load_own_parts(write("scores/foo.py", "from normocyte.scores import _common\n1 / 0", folder="a"))
    write("scores/_common.py", "LOUD = 2.0", folder="b")
    text = f"{LOUDEST}    from normocyte.scores._common import LOUD\n"
    assert load_own_parts(write("scores/foo.py", text, folder="b")).faults == {}
    assert part_class("scores", "foo").LOUD == 2.0


@pytest.mark.parametrize(
    "error", ["KeyboardInterrupt", "__import__('normocyte.core.cancel').core.cancel.Stopped"]
)
def test_a_part_that_was_stopped_while_it_loaded_is_not_known(write, error):
    write("scores/before.py")
    folder = write("scores/loudest.py", f"raise {error}")
    with pytest.raises((KeyboardInterrupt, Stopped)):
        load_own_parts(folder)
    assert {"before", "loudest"}.isdisjoint(part_names("scores"))
    write("scores/loudest.py")
    assert len(load_own_parts(folder).new) == 2


def test_what_a_part_prints_while_it_loads_goes_to_standard_error(write, capsys):
    load_own_parts(write("scores/loudest.py", f"print('hello')\n{LOUDEST}"))
    assert capsys.readouterr() == ("", "hello\n")


def test_the_same_folder_twice_is_fine_and_says_nothing(write):
    folder = write("scores/loudest.py")
    load_own_parts(folder)
    again = load_own_parts(folder / ".." / folder.name)
    assert again.keys == (("scores", "loudest"),)
    assert again.sentences == ()


def test_a_link_to_a_file_is_a_part_by_the_name_of_the_link(write):
    folder = write("_elsewhere/other.py")
    (folder / "scores").mkdir()
    try:
        (folder / "scores" / "linked.py").symlink_to(folder / "_elsewhere" / "other.py")
    except OSError:
        pytest.skip("this system makes no links")
    assert load_own_parts(folder).keys == (("scores", "linked"),)


BROKEN = {
    "syntax": ("x = (1\n", "line 1, SyntaxError: '(' was never closed."),
    "import": (
        "\nimport no_such_package\n",
        "line 2, ModuleNotFoundError: No module named 'no_such_package'.",
    ),
    "raises": ("def f():\n    return 1 / 0\nf()\n", "line 2, ZeroDivisionError: division by zero."),
    "base": ("raise BaseException('x')", "line 1, BaseException: x."),
    "exits": ("raise SystemExit(3)", "line 1, SystemExit: 3."),
    "empty": ("", "it does not define exactly one public class that is a score."),
    "two": (LOUDEST + LOUDEST.replace("Loudest", "Other"), "it does not define exactly one public class"),
    "stranger": (
        "class Blob:\n    pass\n",
        "Blob does not derive from the class in normocyte.scores.contract.",
    ),
    "no dataclass": (
        LOUDEST.replace("@dataclass\n", ""),
        "Loudest is no dataclass; write @dataclass above it.",
    ),
    "default": (LOUDEST.replace("1.0,", "-1.0,"), "its defaults do not fit: scale must be"),
    "no default": (
        LOUDEST.replace(' = described(1.0, "what it is multiplied by", above=0)', ""),
        "no default",
    ),
    "type": (LOUDEST.replace("scale: float", "scale: flaot"), "NameError: name 'flaot' is not defined."),
    "limits": (
        LOUDEST.replace("above=0", "abuv=0"),
        "the field 'scale' has a limit that does not exist, abuv; use at_least, ",
    ),
}


@pytest.mark.parametrize("kind", BROKEN)
def test_a_broken_part_is_named_with_its_reason_and_the_rest_works(write, kind):
    text, reason = BROKEN[kind]
    write("scores/broken.py", text)
    loaded = load_own_parts(write("scores/loudest.py"))
    sentence = loaded.faults["scores", "broken"]
    assert sentence.startswith(str(loaded.folder / "scores" / "broken.py") + " is left out: ")
    assert reason in sentence
    assert "broken" not in part_names("scores")
    assert part_class("scores", "loudest")


def test_a_broken_part_that_was_mended_is_loaded_by_the_next_call(write):
    folder = write("scores/loudest.py", "x = (1")
    assert load_own_parts(folder).keys == ()
    write("scores/loudest.py")
    assert load_own_parts(folder).new == (("scores", "loudest"),)


REFUSED = {
    "an unknown kind": ("detektors/blobs.py", "detektors is no kind of part. Did you mean detectors?"),
    "a built-in name": (
        "scores/mean_square.py",
        "has the name of a score of Normocyte, 'mean_square'; rename",
    ),
    "a module": ("scores/contract.py", "has the name of a module of Normocyte"),
    "a package": ("scores/support.py", "has the name of a module of Normocyte"),
    "no name": ("scores/my-score.py", "has a name that no part can have"),
    "a keyword": ("scores/class.py", "has the name of a keyword of Python, 'class'; rename it."),
    "no part": ("scores/_only_private.py", "holds no part. Put each into the folder of its kind"),
    "at the top": ("loudest.py", "holds no part"),
}


@pytest.mark.parametrize("kind", REFUSED)
def test_a_folder_that_cannot_be_meant_is_refused_before_its_code_runs(write, kind):
    name, sentence = REFUSED[kind]
    if name.startswith("scores/") and kind != "no part":
        write("scores/before.py", "raise SystemExit('this ran')")
    with pytest.raises(ConfigError) as caught:
        load_own_parts(write(name))
    assert sentence in str(caught.value)
    assert "before" not in part_names("scores")


def test_two_folders_cannot_have_the_same_part(write):
    load_own_parts(write("scores/loudest.py"))
    other = write("scores/loudest.py", folder="others")
    with pytest.raises(
        ConfigError, match=r"others.*loudest\.py and .*my_parts.*loudest\.py have the same name"
    ):
        load_own_parts(other)


@pytest.mark.parametrize(("name", "sentence"), [("nowhere", "does not exist"), ("notes.txt", "is a file")])
def test_what_is_no_folder_is_refused(tmp_path, name, sentence):
    (tmp_path / "notes.txt").touch()
    with pytest.raises(ConfigError, match=f"{sentence}; give a folder of own parts"):
        load_own_parts(tmp_path / name)


def test_nothing_is_loaded_from_the_current_folder_by_itself(write):
    folder = write("scores/loudest.py", "raise SystemExit('this ran')")
    code = "from normocyte.core.registry import part_names; print('loudest' in part_names('scores'))"
    for place in (folder, folder.parent):
        told = subprocess.run(
            [sys.executable, "-c", code],
            capture_output=True,
            text=True,
            check=True,
            cwd=place,
            env=os.environ,
        )
        assert told.stdout.strip() == "False"


def test_every_kind_that_can_be_loaded_is_a_package_of_parts():
    assert set(loading.KINDS) >= {
        "detectors",
        "scores",
        "thresholds",
        "preprocessing",
        "metrics",
        "datasets",
    }
