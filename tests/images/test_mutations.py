"""500 fixed damages of small files: each is read or refused in one sentence, soon and silently."""

import time

import pytest

from normocyte.core.errors import NormocyteError
from normocyte.core.inputs import zips
from normocyte.core.seeds import generator
from normocyte.images.listing import listed
from normocyte.images.photos import decode_pages, read_pages
from studies.mutations.mutate import archive, images, mutated

SEEDS = images()
EACH, OF_ZIPS, SOON_S = 24, 20, 5.0


def answer(work):
    """What is said of a file that is refused; nothing of one that is read."""
    began = time.monotonic()
    try:
        work()
    except NormocyteError as error:
        return str(error)
    finally:
        assert time.monotonic() - began < SOON_S
    return ""


def test_there_are_500():
    assert len(SEEDS) * EACH + OF_ZIPS == 500


@pytest.mark.parametrize("name", SEEDS)
def test_a_damaged_image_is_read_or_refused(capfd, name):
    for number in range(EACH):
        data = mutated(SEEDS[name], generator(0, "mutation", name, number))
        said = answer(lambda data=data: list(decode_pages(data, "file.png")))
        assert said == "" or said.startswith("file.png ")
        assert " at 0x" not in said
    assert capfd.readouterr().err == ""


def test_a_damaged_zip_is_read_or_refused(tmp_path):
    for number in range(OF_ZIPS):
        path = tmp_path / f"{number}.zip"
        path.write_bytes(mutated(archive(), generator(0, "mutation", "zip", number)))
        said = answer(lambda path=path: [list(read_pages(one)) for one in listed([path]).images])
        assert said == "" or said.endswith(".")
    zips.close_all()
