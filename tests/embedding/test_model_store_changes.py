"""Adding networks to the store and taking them out: whole or not at all, and none that came with the program."""

import os
import shutil
from pathlib import Path

import pytest

from photofind.embedding import model_store
from photofind.embedding.model_store import ModelStore, bundled_folder
from photofind.errors import UserError
from tests.conftest import ExpectedLog
from tests.embedding.tiny_networks import tiny_network, write_model


def fill(folder: Path, tmp_path: Path, model_id: str = "mine-v1") -> None:
    """Put the files of a network into a folder of any name."""
    write_model(tmp_path / "made" / model_id, float=tiny_network())
    shutil.copytree(tmp_path / "made" / model_id, folder, dirs_exist_ok=True)


def added(store: ModelStore, tmp_path: Path, model_id: str = "mine-v1") -> None:
    with store.workplace() as folder:
        fill(folder, tmp_path, model_id)
        store.put(folder, model_id)


def test_what_is_put_is_there_and_what_is_taken_out_is_gone(tmp_path: Path) -> None:
    store = ModelStore(bundled_folder(), tmp_path / "models")
    before = {manifest.model_id for manifest in store.manifests()}
    added(store, tmp_path)
    assert store.manifest("mine-v1").folder == tmp_path / "models" / "mine-v1"
    assert not store.is_bundled("mine-v1")
    assert {manifest.model_id for manifest in ModelStore(tmp_path / "models").manifests()} == {"mine-v1"}
    store.take_out("mine-v1")
    assert {manifest.model_id for manifest in store.manifests()} == before
    assert list((tmp_path / "models").iterdir()) == []


def test_what_is_not_put_leaves_nothing(tmp_path: Path) -> None:
    store = ModelStore(tmp_path / "models")
    with store.workplace() as folder:
        fill(folder, tmp_path)
    assert list((tmp_path / "models").iterdir()) == []
    assert store.manifests() == []


def test_a_killed_addition_is_no_network_and_is_swept_away_by_the_next(tmp_path: Path) -> None:
    fill(tmp_path / "models" / f"{model_store._UNFINISHED}dead", tmp_path)
    store = ModelStore(tmp_path / "models")
    assert store.manifests() == []
    assert store.problems == ()
    added(store, tmp_path)
    assert [path.name for path in (tmp_path / "models").iterdir()] == ["mine-v1"]


def test_a_removal_killed_in_the_middle_leaves_no_network(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = ModelStore(tmp_path / "models")
    added(store, tmp_path)
    monkeypatch.setattr(shutil, "rmtree", lambda *_args, **_options: None)
    store.take_out("mine-v1")
    assert store.manifests() == []
    assert ModelStore(tmp_path / "models").manifests() == []


def test_ids_that_are_taken_or_none_are_refused(tmp_path: Path) -> None:
    store = ModelStore(bundled_folder(), tmp_path / "models")
    added(store, tmp_path)
    for model_id in ("mine-v1", store.default_id()):
        with pytest.raises(UserError, match="already"):
            store.check_is_free(model_id)
    for model_id in ("", "Mine", "../mine", "mine v1", "a" * 65, ".hidden"):
        with pytest.raises(UserError, match="small letters"):
            store.check_is_free(model_id)


def test_what_came_with_the_program_stays(tmp_path: Path) -> None:
    store = ModelStore(bundled_folder(), tmp_path / "models")
    with pytest.raises(UserError, match="came with PhotoFind"):
        store.take_out(store.default_id())
    with pytest.raises(UserError, match="no network"):
        store.take_out("absent")
    assert os.path.isdir(store.manifest(store.default_id()).folder)


def test_a_problem_is_logged_once_however_often_the_folders_are_read(
    tmp_path: Path, expected_log: ExpectedLog, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "models" / "bad").mkdir(parents=True)
    (tmp_path / "models" / "bad" / "manifest.json").write_text("{")
    expected_log("is not JSON")
    store = ModelStore(tmp_path / "models")
    store.reload()
    store.reload()
    assert len(store.problems) == 1
    assert sum("is not JSON" in record.getMessage() for record in caplog.records) == 1
