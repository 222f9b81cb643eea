"""From typed words to photos through the whole library: a network of two outputs, the bundled text encoder."""

import json
import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from PIL import Image, ImageFilter

from photofind import cli
from photofind.embedding.text_encoder import TextEncoder
from photofind.errors import ModelError
from photofind.events import Event, Notice
from photofind.library import Library
from photofind.records import Filter, Query, SortOrder, WordsPart
from photofind.search import engine
from photofind.settings import Settings
from tests.conftest import ExpectedLog
from tests.embedding.tiny_networks import tiny_network, write_model
from tests.words import write_colour_network

WAIT_S = 60
COLOURS = {"beach": (210, 30, 30), "dog": (30, 210, 30), "cat": (30, 30, 210)}
"""What the network sees in which colour."""


def save(path: Path, colour: tuple[int, int, int], seed: int) -> None:
    noise = Image.effect_noise((120, 90), 20).filter(ImageFilter.GaussianBlur(seed % 3))
    picture = Image.blend(Image.new("RGB", noise.size, colour), Image.merge("RGB", [noise] * 3), 0.1)
    path.parent.mkdir(parents=True, exist_ok=True)
    picture.save(path, quality=90)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Two photos that show a beach, two of dogs, one of a cat; names say nothing of it, but one that lies."""
    root = tmp_path / "photos"
    for number, shown in enumerate(("beach", "beach", "dog", "dog", "cat")):
        save(root / f"{number}.jpg", COLOURS[shown], number)
    save(root / "holiday" / "my dog.jpg", COLOURS["cat"], 9)
    return root


@pytest.fixture
def directory(library_dir: Path) -> Path:
    write_colour_network(library_dir / "models" / "colours-v1")
    return library_dir


def chosen() -> Settings:
    settings = Settings()
    settings.set("model", "colours-v1")
    return settings


@pytest.fixture
def library(directory: Path, folder: Path) -> Iterator[Library]:
    with Library.open(directory, chosen()) as library:
        library.add_folder(os.fsencode(folder)).result(WAIT_S)
        assert library.wait_until_indexed(WAIT_S)
        yield library


def found(library: Library, text: str, filter: Filter | None = None) -> list[str]:
    answer = library.search(Query((WordsPart(text),), filter or Filter())).result(WAIT_S)
    photos = library.photos([hit.photo_id for hit in answer.hits])
    return [os.fsdecode(os.path.basename(photo.path)) for photo in photos]


def photo_id(library: Library, path: Path) -> int:
    result = library.photo_at(os.fsencode(path))
    assert result is not None
    return result


def test_words_labels_facets_and_filters(library: Library, folder: Path) -> None:
    assert set(found(library, "a beach")) == {"0.jpg", "1.jpg"}
    assert set(found(library, "海滩")) == {"0.jpg", "1.jpg"}
    assert set(found(library, "dog")) == {"2.jpg", "3.jpg", "my dog.jpg"}
    assert set(found(library, "dog -holiday")) == {"2.jpg", "3.jpg"}
    assert found(library, "holiday") == ["my dog.jpg"]
    labels = library.labels(photo_id(library, folder / "2.jpg"))
    assert [(label.name, label.chinese) for label in labels] == [("dog", "狗")]
    assert 0.5 <= labels[0].confidence <= 1
    assert library.labels(10**9) == ()
    facets = library.facets().result(WAIT_S)
    assert facets["labels"] == [("beach", 2), ("cat", 2), ("dog", 2)]
    dogs = library.browse(Filter(labels=("dog", "cat")), SortOrder.NAME).result(WAIT_S).ids
    assert len(dogs) == 4
    assert set(found(library, "dog", Filter(labels=("dog",)))) == {"2.jpg", "3.jpg"}
    answer = library.search(Query((WordsPart("狗 龘龘"),))).result(WAIT_S)
    assert answer.unknown_words == ("龘龘",)
    assert answer.model_id == "colours-v1"
    assert library.verify().result(WAIT_S).is_ok


def test_another_network_has_other_words(library: Library, folder: Path) -> None:
    """Words and labels change with the network that answers, not before."""
    write_model(library.directory / "models" / "silent-v1", float=tiny_network())
    library.reload_models()
    library.use_model("silent-v1").result(WAIT_S)
    assert found(library, "beach") == []
    assert found(library, "holiday") == ["my dog.jpg"]
    assert library.labels(photo_id(library, folder / "2.jpg")) == ()
    assert library.facets().result(WAIT_S)["labels"] == []
    library.use_model("colours-v1").result(WAIT_S)
    assert set(found(library, "beach")) == {"0.jpg", "1.jpg"}


def test_a_library_of_before_words(library_dir: Path, directory: Path, folder: Path) -> None:
    """Metadata answers at once; the rest comes by itself, and nothing is computed twice."""
    with Library.open(directory, chosen()) as library:
        library.add_folder(os.fsencode(folder)).result(WAIT_S)
        assert library.wait_until_indexed(WAIT_S)
    with closing(sqlite3.connect(directory / "catalog.db")) as raw:
        raw.execute("DELETE FROM content_label")
        raw.execute("DELETE FROM text_embedding")
        raw.commit()
    with Library.open(directory, chosen(), read_only=True) as reader:
        assert found(reader, "beach") == []
        assert found(reader, "holiday") == ["my dog.jpg"]
        assert reader.labels(photo_id(reader, folder / "2.jpg")) == ()
    with Library.open(directory, chosen()) as library:
        library.start_indexing(watch=False)
        assert library.wait_until_indexed(WAIT_S)
        assert set(found(library, "beach")) == {"0.jpg", "1.jpg"}
        assert library.summary().embedded == 6


def test_opening_loads_neither_encoder_nor_second_index(
    directory: Path, library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    loaded: list[str] = []

    def load(folder: Path) -> object:
        loaded.append(folder.name)
        return TextEncoder(folder)

    monkeypatch.setattr(engine, "TextEncoder", load)
    with Library.open(directory, chosen(), read_only=True) as reader:
        reader.browse(Filter(), SortOrder.NAME).result(WAIT_S)
        words = reader._networks.engine(WAIT_S).words
        assert words is not None
        assert (loaded, words._index) == ([], None)
        assert set(found(reader, "beach")) == {"0.jpg", "1.jpg"}
        assert loaded == ["minilm-l6-v2"]


def test_a_missing_encoder_is_said_once_and_metadata_still_found(
    library: Library, directory: Path, monkeypatch: pytest.MonkeyPatch, expected_log: ExpectedLog
) -> None:
    expected_log("Words are looked for in metadata only")

    def broken(_: Path) -> None:
        raise ModelError("The text encoder is missing; please install PhotoFind again.")

    monkeypatch.setattr(engine, "TextEncoder", broken)
    notices: list[str] = []

    def listen(event: Event) -> None:
        if isinstance(event, Notice):
            notices.append(event.message)

    with Library.open(directory, chosen(), read_only=True) as reader:
        reader.subscribe(listen)
        assert found(reader, "beach") == []
        assert found(reader, "holiday") == ["my dog.jpg"]
        assert found(reader, "dog") == ["my dog.jpg"]
    assert notices == [
        "Words are looked for in names and descriptions only: The text encoder is missing; please install PhotoFind"
        " again."
    ]


def test_a_copied_library_that_lacks_a_vector_in_the_second_index_is_told_by_verify(library: Library) -> None:
    words = library._networks.engine(WAIT_S).words
    assert words is not None
    index = words.index()
    index.remove(library._reader().text_embedding_ids("colours-v1")[:2])
    report = library.verify().result(WAIT_S)
    assert report.problems == ("The index for words lacks 2 photos.",)


def run(capsys: pytest.CaptureFixture[str], directory: Path, *arguments: str) -> tuple[str, str]:
    parsed = cli.parse(["--library", str(directory), *arguments])
    assert not isinstance(parsed, cli.WindowArguments)
    capsys.readouterr()
    assert parsed.command(parsed) == cli.EXIT_DONE
    out, err = capsys.readouterr()
    return out, err


def test_the_command_line_says_what_found_each_photo(
    directory: Path,
    library: Library,
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(cli, "_settings", chosen)
    out, _ = run(capsys, directory, "search", "dog", "--json")
    shown = json.loads(out)
    assert set(shown) == {"model", "exact", "hits", "unknown_words"}
    assert (shown["model"], shown["exact"], shown["unknown_words"]) == ("colours-v1", True, [])
    assert {Path(hit["path"]).name: hit["found_by"] for hit in shown["hits"]} == {
        "my dog.jpg": ["words"],
        "2.jpg": ["picture"],
        "3.jpg": ["picture"],
    }
    chances = {Path(hit["path"]).name: hit["shows"] for hit in shown["hits"]}
    assert chances["2.jpg"] > 0.9 > 0.1 > chances["my dog.jpg"], "the name says dog, the picture does not"
    shutil.copy(folder / "2.jpg", folder / "again a dog.jpg")
    library.rescan()
    assert library.wait_until_indexed(WAIT_S)
    out, _ = run(capsys, directory, "search", "dog", "-k", "1", "--json")
    (best,) = json.loads(out)["hits"]
    assert (Path(best["path"]).name, best["found_by"]) == ("again a dog.jpg", ["words", "picture"])
    out, err = run(capsys, directory, "search", "狗", "龘龘")
    assert [line.split()[1] for line in out.splitlines()] == ["picture"] * 3
    assert "龘龘" in err
    assert err.count("\n") == 1
    out, _ = run(capsys, directory, "similar", str(folder / "2.jpg"), "-k", "1", "--json")
    assert set(json.loads(out)["hits"][0]) == {"path", "score", "kind", "same_picture"}


def test_nonsense_is_named_and_finds_only_what_bears_it(library: Library, folder: Path) -> None:
    save(folder / "xyzzy.jpg", COLOURS["cat"], 11)
    library.rescan()
    assert library.wait_until_indexed(WAIT_S)
    assert found(library, "asdf qwerty") == []
    assert found(library, "xyzzy") == ["xyzzy.jpg"]
    answer = library.search(Query((WordsPart("dog asdfgh"),))).result(WAIT_S)
    assert answer.unknown_words == ("asdfgh",)
    assert [hit.by_meaning for hit in answer.hits].count(True) == 2
