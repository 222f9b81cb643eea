"""Words: what finds a photo, and that no text is ever an error."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from photofind.catalog import text_index
from photofind.catalog.catalog import Catalog
from photofind.records import Filter, Metadata
from tests.catalog.sample import add, prepared

ALL = Filter()


def found(catalog: Catalog, text: str, filter: Filter = ALL, limit: int = 50) -> set[bytes]:
    ids = [hit[0] for hit in catalog.search_text(text, filter, limit)]
    assert len(set(ids)) == len(ids)
    return {each.path.removeprefix(b"/photos/") for each in catalog.photos(ids)}


PHOTOS: dict[bytes, Metadata] = {
    b"IMG_2034.jpg": Metadata(),
    b"IMG2035.JPG": Metadata(),
    b"summer_beach-2019.jpg": Metadata(),
    b"BeachHouse.png": Metadata(keywords=("sea side", "Ostsee")),
    "Café Straße.jpg".encode(): Metadata(),
    "2020年北京旅行.jpg".encode(): Metadata(),
    "東京タワー/夜景.jpg".encode(): Metadata(title="Tokyo at night"),
    b"trip/Rome/DSC_0001.NEF": Metadata(camera_make="NIKON", camera_model="D750", place=("Trastevere", "Roma")),
    b"a.jpg": Metadata(caption="He said OR not NEAR the house", creator="Ansel Adams"),
    b"bad \xff name.jpg": Metadata(),
    "สวัสดีครับ.jpg".encode(): Metadata(),
    "Ñandú-ＦＵＬＬ.jpg".encode(): Metadata(),
}


@pytest.fixture
def library(catalog: Catalog) -> Catalog:
    add(
        catalog,
        *(
            prepared(b"/photos/" + name, seed, metadata=metadata)
            for seed, (name, metadata) in enumerate(PHOTOS.items(), start=1)
        ),
    )
    return catalog


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("IMG_2034", {"IMG_2034.jpg"}),
        ("img2034", {"IMG_2034.jpg"}),
        ("2034", {"IMG_2034.jpg"}),
        ("IMG_203", {"IMG_2034.jpg", "IMG2035.JPG"}),
        ("img", {"IMG_2034.jpg", "IMG2035.JPG"}),
        ("2035", {"IMG2035.JPG"}),
        ("beach", {"summer_beach-2019.jpg", "BeachHouse.png"}),
        ("bea 2019", {"summer_beach-2019.jpg"}),
        ("beach -house", {"summer_beach-2019.jpg"}),
        ("beach -2019", {"BeachHouse.png"}),
        ('beach -"beach house"', {"summer_beach-2019.jpg"}),
        ("house", {"BeachHouse.png", "a.jpg"}),
        ("beachhouse", {"BeachHouse.png"}),
        ("BeachHou", {"BeachHouse.png"}),
        ('"beach house"', {"BeachHouse.png"}),
        ('"house beach"', set()),
        ('"beach hou"', set()),
        ("“beach house”", {"BeachHouse.png"}),
        ('"sea side"', {"BeachHouse.png"}),
        ('"side ostsee"', set()),
        ("cafe strasse", {"Café Straße.jpg"}),
        ("CAFÉ", {"Café Straße.jpg"}),
        ("北京", {"2020年北京旅行.jpg"}),
        ("旅行", {"2020年北京旅行.jpg"}),
        ("京北", set()),
        ("2020年", {"2020年北京旅行.jpg"}),
        ("京", {"2020年北京旅行.jpg", "東京タワー/夜景.jpg"}),
        ("タワー 夜景", {"東京タワー/夜景.jpg"}),
        ("สวัสดี", {"สวัสดีครับ.jpg"}),
        ("nandu full", {"Ñandú-ＦＵＬＬ.jpg"}),
        ("tokyo", {"東京タワー/夜景.jpg"}),
        ("rome", {"trip/Rome/DSC_0001.NEF"}),
        ("trastevere nikon d750", {"trip/Rome/DSC_0001.NEF"}),
        ("adams", {"a.jpg"}),
        ("said OR not", {"a.jpg"}),
        ("OR", {"a.jpg"}),
        ("tokyo OR rome", set()),
        ("house NOT beach", {"a.jpg"} & set()),
        ("photos", {name.decode("utf-8", "replace") for name in PHOTOS}),
        ("bad name", {"bad \ufffd name.jpg"}),
        ("bad \udcff name", {"bad \ufffd name.jpg"}),
        ("", set()),
        (' - "" * ( ) ^ : \'', set()),
        ("🏖", set()),
        ("name:beach", set()),
        ("bea*", {"summer_beach-2019.jpg", "BeachHouse.png"}),
        ("^beach", {"summer_beach-2019.jpg", "BeachHouse.png"}),
        ("beach\0house", {"BeachHouse.png"}),
        ('"beach', {"summer_beach-2019.jpg", "BeachHouse.png"}),
    ],
)
def test_what_is_found(library: Catalog, text: str, names: set[str]) -> None:
    assert {name.decode("utf-8", "replace") for name in found(library, text)} == names


def test_only_not_finds_the_rest(library: Catalog) -> None:
    assert len(found(library, "-jpg")) == sum(not name.lower().endswith(b".jpg") for name in PHOTOS)
    assert len(found(library, "-img -beach")) == len(PHOTOS) - 4


def test_names_and_titles_rank_before_captions(library: Catalog) -> None:
    hits = library.search_text("house", ALL, 9)
    assert [hit[1] for hit in hits] == sorted((hit[1] for hit in hits), reverse=True)
    assert library.photos([hits[0][0]])[0].path == b"/photos/BeachHouse.png"
    assert hits[0][1] > hits[1][1] > 0


def test_a_filter_and_a_limit_hold(library: Catalog) -> None:
    assert found(library, "jpg", Filter(directory=b"/photos/trip")) == set()
    assert found(library, "nef", Filter(directory=b"/photos/trip")) == {b"trip/Rome/DSC_0001.NEF"}
    assert found(library, "-nef", Filter(cameras=("D750",))) == set()
    assert len(found(library, "jpg", limit=3)) == 3


def test_a_frequent_word_gives_the_newest(catalog: Catalog, monkeypatch: pytest.MonkeyPatch) -> None:
    """Both sides of the size at which only the newest matches are ranked."""
    monkeypatch.setattr(text_index, "RANKED_MATCHES", 10)
    ids = add(catalog, *(prepared(b"/photos/%d word.jpg" % i) for i in range(10)))
    assert {hit[0] for hit in catalog.search_text("word", ALL, 5)} <= set(ids)
    assert len(catalog.search_text("word", ALL, 50)) == 10
    more = add(catalog, *(prepared(b"/photos/%d word.jpg" % i) for i in range(10, 20)))
    assert {hit[0] for hit in catalog.search_text("word", ALL, 5)} <= set(more)
    assert len(catalog.search_text("word", ALL, 50)) == 20


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.one_of(
        st.text(max_size=60),
        st.lists(
            st.sampled_from(
                ['"', "-", "*", "OR", "NOT", "AND", "NEAR(", ")", "(", "^", ":", "name:", "{", "}", "+", ",", "\0",
                 "'", ";", "--", "\\", "海", "IMG2", "x", " ", "\ud800", "\U000e0001", "ª", "Ⅷ", "½"]
            ),
            max_size=12,
        ).map("".join),
    )
)  # fmt: skip
@example("a" * 5_000)
@example("x " * 5_000)
@example("海" * 5_000)
@example('"' * 999)
@example("-" * 999)
@example("İıſK")
def test_no_text_is_an_error(library: Catalog, text: str) -> None:
    library.search_text(text, ALL, 10)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(st.characters(exclude_categories=["Cc", "Cs"]), min_size=1, max_size=40))
def test_a_title_is_found_by_itself(catalog: Catalog, title: str) -> None:
    """Whatever a title is, typing it in quotes finds it, unless it has no letter or digit at all."""
    (photo_id,) = add(catalog, prepared(b"/photos/x.y", 1 + abs(hash(title)), metadata=Metadata(title=title)))
    try:
        quoted = '"' + "".join(" " if c in '"“”„‟«»＂' else c for c in title) + '"'
        hits = catalog.search_text(quoted, ALL, 5)
        if text_index.parse(quoted).wanted:
            assert [hit[0] for hit in hits] == [photo_id]
        else:
            assert hits == []
    finally:
        catalog.remove_photos([photo_id])


def test_words_survive_a_restart(path: Path) -> None:
    with Catalog.open(path) as catalog:
        catalog.add_folder(b"/photos")
        add(catalog, prepared(b"/photos/beach.jpg", 1))
    with Catalog.open(path, read_only=True) as reader:
        assert found(reader, "beach") == {b"beach.jpg"}


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("a dog on the beach", "a dog on the beach"),
        ('"red car" -rain -"blue sky" night', "red car night"),
        ("海滩 -雨 “日落”", "海滩 日落"),
        ('"never closed', "never closed"),
        ("-rain", ""),
        (" - -- ... ", ""),
    ],
)
def test_what_is_wanted_reads_as_it_was_typed(text: str, plain: str) -> None:
    assert text_index.parse(text).plain == plain
