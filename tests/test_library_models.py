"""The library's networks: added, used, given up, removed and measured, with real files, processes and photos."""

import os
import shutil
import threading
from collections.abc import Iterator
from concurrent.futures import Future
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from photofind.embedding import calibration, foreign
from photofind.embedding.manifest import load
from photofind.errors import ModelError, UserError
from photofind.events import Event, Notice
from photofind.indexing import adoption
from photofind.library import Library
from photofind.records import Filter, ModelFacts, PhotoPart, Query, SortOrder
from photofind.settings import Settings
from tests.conftest import PhotoFile

WAIT_S = 90
MODELS = Path(__file__).resolve().parent / "data" / "models"


@pytest.fixture(autouse=True)
def few_generated_pictures(monkeypatch: pytest.MonkeyPatch) -> None:
    """How a threshold is found has its own tests; here it is enough that it is."""
    monkeypatch.setattr(calibration, "GENERATED", 48)
    monkeypatch.setattr(adoption, "CALIBRATION_S", 1.0)


@pytest.fixture
def folder(photo_file: PhotoFile, tmp_path: Path) -> Path:
    for seed in range(6):
        photo_file(f"photo_{seed}.jpg", seed, size=(320, 240))
    return tmp_path / "photos"


@pytest.fixture
def library(library_dir: Path, folder: Path) -> Iterator[Library]:
    with Library.open(library_dir) as library:
        library.add_folder(os.fsencode(folder)).result(WAIT_S)
        assert library.wait_until_indexed(WAIT_S)
        yield library


def facts_of(library: Library, model_id: str) -> ModelFacts:
    return next(facts for facts in library.models() if facts.model_id == model_id)


def ids(library: Library) -> list[str]:
    return [facts.model_id for facts in library.models()]


def active(library: Library) -> str:
    return next(facts.model_id for facts in library.models() if facts.is_active)


def answering(library: Library) -> str:
    photo = int(library.browse(Filter(), SortOrder.NAME).result(WAIT_S).ids[0])
    return library.search(Query((PhotoPart(photo),))).result(WAIT_S).model_id


def test_an_onnx_file_is_added_used_and_removed(library: Library, library_dir: Path) -> None:
    before = active(library)
    said: list[str] = []
    library.subscribe(lambda event: said.append(event.message) if isinstance(event, Notice) else None)
    added = library.add_model(MODELS / "vector-nchw-dynamic.onnx").result(WAIT_S)
    assert added == "vector-nchw-dynamic"
    assert any("of ImageNet are assumed" in sentence for sentence in said)
    facts = facts_of(library, added)
    assert (facts.is_active, facts.is_bundled, facts.has_words) == (False, False, False)
    assert (facts.embedded, facts.total, facts.input_px, facts.dimension) == (0, 6, 224, 16)
    assert facts.measured["cpu_ms_float"] > 0
    manifest = load(library_dir / "models" / added)
    assert 0 < manifest.calibration.same_picture_cosine <= 1
    assert manifest.calibration.same_picture is not None
    assert active(library) == before

    library.use_model(added).result(WAIT_S)
    assert active(library) == answering(library) == added
    assert facts_of(library, added).embedded == 6
    assert library.settings.text("model") == added
    with pytest.raises(UserError, match="in use"):
        library.remove_model(added).result(WAIT_S)

    library.use_model(before).result(WAIT_S)
    assert answering(library) == before
    library.remove_model(added).result(WAIT_S)
    assert added not in ids(library)
    assert not (library_dir / "models" / added).exists()
    assert not [path for path in library_dir.iterdir() if added in path.name]
    # Another file under the same name must not meet the vectors of the one before.
    again = library.add_model(MODELS / "tokens-with-class.onnx", model_id=added).result(WAIT_S)
    assert facts_of(library, again).embedded == 0
    assert library.verify().result(WAIT_S).is_ok


def test_a_changed_file_is_not_loaded(library: Library, library_dir: Path) -> None:
    before = active(library)
    added = library.add_model(MODELS / "map-nchw.onnx").result(WAIT_S)
    path = library_dir / "models" / added / "model.onnx"
    path.write_bytes(path.read_bytes() + b"\0")
    with pytest.raises(ModelError, match="not the file its manifest describes"):
        library.use_model(added).result(WAIT_S)
    assert active(library) == answering(library) == before
    assert library.settings.text("model") != added


@pytest.mark.parametrize(
    ("name", "reason"), [("not-square", "64 x 48 pixels"), ("same-for-all", "same vector"), ("sound", "dimensions")]
)
def test_a_bad_file_is_refused_and_leaves_nothing(
    library: Library, library_dir: Path, name: str, reason: str
) -> None:
    before = ids(library)
    with pytest.raises(ModelError, match=reason):
        library.add_model(MODELS / f"{name}.onnx").result(WAIT_S)
    assert ids(library) == before
    assert list((library_dir / "models").iterdir()) == []


def test_a_file_that_never_ends_is_given_up(
    library: Library, library_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(foreign, "TIME_LIMIT_S", 10.0)
    with pytest.raises(ModelError, match=r"endless\.onnx takes longer than 10 seconds"):
        library.add_model(MODELS / "endless.onnx").result(WAIT_S)
    assert list((library_dir / "models").iterdir()) == []


def test_a_file_that_asks_for_all_memory_is_given_up(library: Library, library_dir: Path) -> None:
    # Where the system refuses the memory onnxruntime says so; where it kills, the process is gone.
    with pytest.raises(ModelError, match=r"huge\.onnx|memory|allocat"):
        library.add_model(MODELS / "huge.onnx").result(WAIT_S)
    assert answering(library)


def test_closing_ends_a_look_at_a_file(library_dir: Path) -> None:
    with Library.open(library_dir) as library:
        assert library.wait_until_indexed(WAIT_S)
        adding = library.add_model(MODELS / "endless.onnx")
        threading.Event().wait(0)  # the window closes at once
    with pytest.raises(UserError, match="closed"):
        adding.result(WAIT_S)


def test_names_that_cannot_be(library: Library) -> None:
    file = MODELS / "map-nchw.onnx"
    with pytest.raises(UserError, match="already"):
        library.add_model(file, model_id=active(library)).result(WAIT_S)
    with pytest.raises(UserError, match="small letters"):
        library.add_model(file, model_id="Ünique").result(WAIT_S)
    with pytest.raises(UserError, match="together"):
        library.add_model(file, text=MODELS / "clip-text.onnx")
    with pytest.raises(UserError, match="came with PhotoFind"):
        library.remove_model(active(library)).result(WAIT_S)
    with pytest.raises(UserError, match="no network"):
        library.remove_model("absent").result(WAIT_S)


def test_a_folder_with_a_manifest_is_taken_over(library: Library, library_dir: Path, tmp_path: Path) -> None:
    added = library.add_model(MODELS / "tokens-of-a-grid.onnx", model_id="first").result(WAIT_S)
    elsewhere = tmp_path / "shared"
    shutil.copytree(library_dir / "models" / added, elsewhere)
    again = library.add_model(elsewhere, model_id="second").result(WAIT_S)
    first, second = (load(library_dir / "models" / each) for each in (added, again))
    assert second.files == first.files
    assert second.calibration == first.calibration
    (elsewhere / "model.onnx").write_bytes(b"other")
    with pytest.raises(ModelError, match="not the file"):
        library.add_model(elsewhere, model_id="third").result(WAIT_S)


def test_a_change_that_was_not_finished_goes_on_at_the_next_start(
    library_dir: Path, folder: Path, tmp_path: Path
) -> None:
    settings = tmp_path / "settings.toml"
    with Library.open(library_dir, Settings(settings)) as library:
        library.add_folder(os.fsencode(folder)).result(WAIT_S)
        assert library.wait_until_indexed(WAIT_S)
        before = active(library)
        added = library.add_model(MODELS / "vector-nhwc-uint8.onnx").result(WAIT_S)
        library.pause()
        change = library.use_model(added)
        assert answering(library) == before
    with pytest.raises(BaseException):  # noqa: B017, PT011  cancelled, or closed before it began
        change.result(WAIT_S)

    with Library.open(library_dir, Settings(settings), read_only=True) as reader:
        assert answering(reader) == before  # the one that has seen more
    with Library.open(library_dir, Settings(settings)) as library:
        assert library.wait_until_indexed(WAIT_S)
        wait_for(lambda: active(library) == added)
        assert answering(library) == added
    with Library.open(library_dir, Settings(settings)) as library:
        assert answering(library) == added


def wait_for(condition: Any) -> None:
    deadline = threading.Event()
    for _ in range(int(WAIT_S / 0.05)):
        if condition():
            return
        deadline.wait(0.05)
    raise AssertionError("did not come true")


def test_going_back_gives_a_change_up(library: Library) -> None:
    before = active(library)
    added = library.add_model(MODELS / "map-nhwc-float.onnx").result(WAIT_S)
    library.pause()
    change: Future[None] = library.use_model(added)
    wait_for(lambda: facts_of(library, added).is_coming)
    back = library.use_model(before)
    with pytest.raises(UserError, match="Another network was chosen"):
        change.result(WAIT_S)
    library.resume()
    back.result(WAIT_S)
    assert active(library) == answering(library) == before
    assert library.settings.text("model") == before
    assert not facts_of(library, added).is_coming
    library.use_model(before).result(WAIT_S)  # once more changes nothing
    library.remove_model(added).result(WAIT_S)


def test_photos_on_their_way_when_the_network_changes_are_taken_in(
    library: Library, folder: Path, photo_file: PhotoFile
) -> None:
    added = library.add_model(MODELS / "clip-image.onnx", model_id="small-v1").result(WAIT_S)
    for seed in range(20, 60):
        photo_file(f"more_{seed}.jpg", seed, size=(160, 120))
    library.rescan(os.fsencode(folder))
    library.use_model(added).result(WAIT_S)
    assert library.wait_until_indexed(WAIT_S)
    assert library.failures() == []
    assert facts_of(library, added).embedded == facts_of(library, added).total == 46


def test_costs_are_measured_for_each_network_and_a_broken_one_is_left_out(
    library: Library, library_dir: Path
) -> None:
    added = library.add_model(MODELS / "map-nchw.onnx").result(WAIT_S)
    costs = library.bench_models().result(WAIT_S)
    assert {cost.model_id for cost in costs} == set(ids(library))
    by_id = {cost.model_id: cost for cost in costs if cost.provider == "cpu"}
    assert by_id[added].variant == "float"
    assert all(cost.cpu_ms > 0 and cost.photos_per_second > 0 for cost in costs)
    assert by_id[added].cpu_ms < by_id[active(library)].cpu_ms
    (library_dir / "models" / added / "model.onnx").write_bytes(b"")
    said: list[str] = []

    def listen(event: Event) -> None:
        if isinstance(event, Notice):
            said.append(event.message)

    library.subscribe(listen)
    assert added not in {cost.model_id for cost in library.bench_models().result(WAIT_S)}
    assert any(added in sentence for sentence in said)


def test_photos_for_adjusting_a_network_are_spread_over_the_library(library: Library) -> None:
    assert len(library.sample_thumbnails(100).result(WAIT_S)) == 6
    some = library.sample_thumbnails(3).result(WAIT_S)
    assert len(set(some)) == 3
    assert all(jpeg.startswith(b"\xff\xd8") for jpeg in some)


def test_the_sample_knows_copies_and_moments(library_dir: Path, tmp_path: Path, photo_file: PhotoFile) -> None:
    def exif(second: int) -> dict[int, object]:
        return {0x010F: "Maker", 0x0110: "Camera", 0x9003: f"2024:05:01 10:00:{second:02}"}

    photo_file("a.jpg", 1, size=(320, 240), exif=exif(0))
    photo_file("b.jpg", 2, size=(320, 240), exif=exif(20))
    photo_file("c.jpg", 3, size=(320, 240))
    photo_file("c_again.jpg", 3, size=(320, 240), quality=60)
    with Library.open(library_dir) as library:
        library.add_folder(os.fsencode(tmp_path / "photos")).result(WAIT_S)
        assert library.wait_until_indexed(WAIT_S)
        sample = library._slow.start(lambda _: library._adoption.calibration_sample()).result(WAIT_S)
    assert [picture.size for picture in sample.pictures] == [(320, 240)] * 4  # whole, not decoded at a coarse scale
    assert sample.may_match is not None
    assert sample.scenes is not None
    assert sample.scenes.shape == (1, 2)
    first, second = sample.scenes[0]
    assert sample.may_match[first, second]
    apart = ~np.eye(4, dtype=bool)
    assert int((sample.may_match & apart).sum()) == 4  # both pairs, both ways


def test_a_pair_brings_words(library: Library, library_dir: Path) -> None:
    pytest.importorskip("tokenizers", reason="the package tokenizers reads a tokenizer.json")
    added = library.add_model(
        MODELS / "clip-image.onnx",
        model_id="pair-v1",
        text=MODELS / "clip-text.onnx",
        tokenizer=MODELS / "tokenizer.json",
    ).result(WAIT_S)
    assert facts_of(library, added).has_words
    space = load(library_dir / "models" / added).text
    assert space is not None
    assert -1 < space.found_cosine < 1
    library.use_model(added).result(WAIT_S)
    assert answering(library) == added


def test_a_pair_without_the_tokenizers_package_says_what_to_install(
    library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    if __import__("importlib.util").util.find_spec("tokenizers") is not None:
        pytest.skip("the package tokenizers is installed here")
    with pytest.raises(ModelError, match="pip install tokenizers"):
        library.add_model(
            MODELS / "clip-image.onnx", text=MODELS / "clip-text.onnx", tokenizer=MODELS / "tokenizer.json"
        ).result(WAIT_S)


def test_a_library_for_searching_only_changes_no_networks(library: Library, library_dir: Path) -> None:
    with Library.open(library_dir, read_only=True) as reader:
        for change in (
            lambda: reader.add_model(MODELS / "map-nchw.onnx"),
            lambda: reader.remove_model("any"),
            lambda: reader.use_model("any"),
        ):
            with pytest.raises(UserError, match="searching only"):
                change()
        assert reader.bench_models().result(WAIT_S)


def test_networks_added_by_another_program_are_seen_after_reloading(library: Library, library_dir: Path) -> None:
    with Library.open(library_dir, read_only=True) as reader:
        added = library.add_model(MODELS / "map-nchw.onnx").result(WAIT_S)
        assert added not in ids(reader)
        reader.reload_models()
        assert added in ids(reader)
