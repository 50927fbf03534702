"""A copy of a bundle is whole, whatever becomes of the first."""

import copy
import gc
import pickle

import pytest

import normocyte as nc

COPIES = {
    "pickle": lambda bundle: pickle.loads(pickle.dumps(bundle)),
    "copy": copy.copy,
    "deepcopy": copy.deepcopy,
}


@pytest.mark.parametrize("way", COPIES)
def test_a_copy_keeps_its_files_when_the_first_is_gone(way, cells):
    bundle = nc.train("pca", data=cells, components=4).bundle
    network, digest = bundle.onnx_path.read_bytes(), bundle.digest
    copied = COPIES[way](bundle)
    del bundle
    gc.collect()
    assert copied.onnx_path.read_bytes() == network
    assert (copied.digest, nc.load(copied.folder).digest) == (digest, digest)


@pytest.mark.parametrize("way", COPIES)
def test_a_copy_scores_as_the_first_and_its_files_go_with_it(way, cells):
    bundle = nc.train("pca", data=cells, components=4).bundle
    copied = COPIES[way](bundle)
    one = min(cells.rglob("*.png"))
    assert copied.score(one).score.tolist() == bundle.score(one).score.tolist()
    place = copied.onnx_path
    del copied, bundle
    gc.collect()
    assert not place.exists()


def test_a_pickle_of_a_bundle_that_lies_in_a_folder_names_that_folder():
    bundle = nc.load()
    assert pickle.loads(pickle.dumps(bundle)).folder == bundle.folder
    assert len(pickle.dumps(bundle)) < 5e6
