"""Where networks are found, which one is the default, and that broken ones keep nothing from working."""

import json
from pathlib import Path

import pytest

from photofind.embedding.model_store import DEFAULT_NAME, ModelStore, bundled_folder
from photofind.errors import ModelError, UserError
from tests.conftest import ExpectedLog
from tests.embedding.tiny_networks import tiny_network, write_model


def test_the_bundled_networks_are_there_and_one_is_the_default() -> None:
    store = ModelStore()
    ids = [manifest.model_id for manifest in store.manifests()]
    assert store.problems == ()
    assert ids[0] == store.default_id() == "efficientnet-lite2-260-p512-v1"
    assert set(ids) == {"efficientnet-lite2-260-p512-v1", "resnet50-half-160-p384-v1"}
    for model_id in ids:
        assert store.is_bundled(model_id)
        manifest = store.manifest(model_id)
        assert manifest.folder.name == model_id
        assert set(manifest.files) == {"int8", "float"}
        assert manifest.probe is not None
        assert 0.5 < manifest.calibration.same_picture_cosine < 1


def test_a_users_folder_adds_and_never_replaces(tmp_path: Path, expected_log: ExpectedLog) -> None:
    write_model(tmp_path / "added" / "mine-v1", float=tiny_network())
    write_model(tmp_path / "added" / "resnet50-half-160-p384-v1", float=tiny_network())
    expected_log("passed over")
    store = ModelStore(bundled_folder(), tmp_path / "added", tmp_path / "absent")
    assert store.manifest("mine-v1").folder == tmp_path / "added" / "mine-v1"
    assert not store.is_bundled("mine-v1")
    assert store.is_bundled("resnet50-half-160-p384-v1")
    assert store.manifest("resnet50-half-160-p384-v1").input_px == 160
    assert len(store.problems) == 1


def test_a_broken_folder_is_a_problem_and_no_error(tmp_path: Path, expected_log: ExpectedLog) -> None:
    write_model(tmp_path / "good-v1", float=tiny_network())
    (tmp_path / "bad").mkdir()
    (tmp_path / "bad" / "manifest.json").write_text("{")
    (tmp_path / "no-model").mkdir()
    (tmp_path / "README.md").write_text("no folder")
    expected_log("is not JSON")
    store = ModelStore(tmp_path)
    assert [manifest.model_id for manifest in store.manifests()] == ["good-v1"]
    assert store.default_id() == "good-v1"
    assert [str(tmp_path / "bad") in problem for problem in store.problems] == [True]


@pytest.mark.parametrize("text", ["", "[]", '{"default": 3}', '{"default": "absent-v1"}'])
def test_a_wrong_default_falls_back(tmp_path: Path, expected_log: ExpectedLog, text: str) -> None:
    write_model(tmp_path / "good-v1", float=tiny_network())
    (tmp_path / DEFAULT_NAME).write_text(text)
    expected_log("does not name a network")
    assert ModelStore(tmp_path).default_id() == "good-v1"


def test_an_unknown_id_is_the_users_error(tmp_path: Path) -> None:
    write_model(tmp_path / "good-v1", float=tiny_network())
    with pytest.raises(UserError, match="good-v1"):
        ModelStore(tmp_path).manifest("absent-v1")


def test_no_network_at_all_is_a_model_error(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="install"):
        ModelStore(tmp_path).default_id()


def test_what_comes_with_the_program_has_a_name_for_people(tmp_path: Path) -> None:
    store = ModelStore(bundled_folder(), tmp_path / "added")
    ids = [manifest.model_id for manifest in store.manifests()]
    assert store.name(store.default_id()) == "Accurate"
    assert sorted(store.name(model_id) for model_id in ids) == ["Accurate", "Fast"]
    named = json.loads((bundled_folder() / DEFAULT_NAME).read_text(encoding="utf-8"))["names"]
    assert set(named) == set(ids), "a name of a network that is not there"


@pytest.mark.parametrize("names", ['["a"]', '{"good-v1": 3}', "null"])
def test_names_of_a_wrong_form_are_none(tmp_path: Path, names: str) -> None:
    write_model(tmp_path / "good-v1", float=tiny_network())
    (tmp_path / DEFAULT_NAME).write_text(f'{{"default": "good-v1", "names": {names}}}')
    store = ModelStore(tmp_path)
    assert (store.default_id(), store.name("good-v1")) == ("good-v1", "")
