"""What a person decides hangs on the bytes: it holds for copies, is found, and outlives all that moves."""

import random
import time
from collections.abc import Callable, Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from photofind.catalog.catalog import Catalog
from photofind.catalog.decisions import CAPTION_LENGTH, NAME_LENGTH, TITLE_LENGTH, key
from photofind.errors import UserError
from photofind.records import Filter, Metadata, Photo, PhotoPart, Query, SortOrder, WordsPart
from tests.catalog.sample import add, facts, prepared


def photo(catalog: Catalog, photo_id: int) -> Photo:
    (found,) = catalog.photos([photo_id])
    return found


def filtered(catalog: Catalog, order: SortOrder = SortOrder.OLDEST, **conditions: object) -> list[int]:
    ids: list[int] = catalog.photo_ids(Filter(**conditions), order).tolist()  # type: ignore[arg-type]
    return ids


def found(catalog: Catalog, text: str) -> set[int]:
    return {photo_id for photo_id, _ in catalog.search_text(text, Filter(), 99)}


def three(catalog: Catalog) -> tuple[int, int, int]:
    """Return a photo, a copy of it, and another one."""
    first, copy, other = add(
        catalog,
        prepared(b"/photos/a.jpg", 1),
        prepared(b"/photos/copy of a.jpg", 1),
        prepared(b"/photos/b.jpg", 2, metadata=Metadata(rating=-1, title="of the file", keywords=("Sea",))),
    )
    return first, copy, other


def test_a_flag_holds_for_all_copies_and_is_filtered_by(catalog: Catalog) -> None:
    first, copy, other = three(catalog)
    assert catalog.decisions.set_flag([first], 1) == (first, copy)
    assert [photo(catalog, each).flag for each in (first, copy, other)] == [1, 1, -1]
    assert filtered(catalog, flag=1) == [first, copy]
    assert filtered(catalog, flag=-1) == [other]
    assert filtered(catalog, flag=0) == []
    catalog.decisions.set_flag([copy, 999], None)
    assert filtered(catalog, flag=0) == [first, copy]


def test_rejected_in_the_file_is_rejected_until_the_person_says_otherwise(catalog: Catalog) -> None:
    _, _, other = three(catalog)
    catalog.decisions.set_flag([other], 0)
    assert (photo(catalog, other).flag, filtered(catalog, flag=-1)) == (0, [])
    catalog.set_rating([other], 3)
    catalog.decisions.set_flag([other], None)
    assert (photo(catalog, other).flag, photo(catalog, other).rating) == (0, 3)
    catalog.set_rating([other], None)
    assert (photo(catalog, other).flag, filtered(catalog, flag=-1)) == (-1, [other])


def test_flags_are_three(catalog: Catalog) -> None:
    with pytest.raises(ValueError, match="not 2"):
        catalog.decisions.set_flag([1], 2)


def test_tags_are_one_whatever_their_case_and_the_first_spelling_holds(catalog: Catalog) -> None:
    first, copy, other = three(catalog)
    decisions = catalog.decisions
    assert decisions.add_tags([first], [" Sea  side ", "sea SIDE", "Berlin"]) == (first, copy)
    decisions.add_tags([other], ["SEA side", "zoo"])
    assert photo(catalog, copy).tags == ("Berlin", "Sea side")
    assert photo(catalog, other).tags == ("Sea side", "zoo")
    assert decisions.tags() == [("Sea side", 3), ("Berlin", 2), ("zoo", 1)]
    assert filtered(catalog, tags=("sea side",)) == [first, copy, other]
    assert filtered(catalog, tags=("ZOO", "nothing")) == [other]
    decisions.remove_tags([copy], ["sea side", "unknown"])
    assert photo(catalog, first).tags == ("Berlin",)
    assert decisions.tags() == [("Berlin", 2), ("Sea side", 1), ("zoo", 1)]
    decisions.remove_tags([other], ["SEA SIDE"])
    decisions.add_tags([other], ["sea side"])  # nobody had it any more
    assert photo(catalog, other).tags == ("sea side", "zoo")


@pytest.mark.parametrize(
    ("tag", "why"),
    [("", "empty"), ("  \n ", "empty"), ("a\tb", "cannot be shown"), ("a\x00", "cannot be shown"),
     ("\u202egpj", "cannot be shown"), ("\ud800", "cannot be shown"), ("x" * (NAME_LENGTH + 1), "100 are")],
)  # fmt: skip
def test_what_can_be_no_tag_is_refused_in_a_sentence(catalog: Catalog, tag: str, why: str) -> None:
    (photo_id,) = add(catalog, prepared(b"/photos/a.jpg", 1))
    with pytest.raises(UserError, match=why):
        catalog.decisions.add_tags([photo_id], ["good", tag])
    assert catalog.decisions.tags() == []
    assert photo(catalog, photo_id).tags == ()


@given(st.text())
def test_two_spellings_have_one_key(text: str) -> None:
    assert key(text.upper()) == key(text.upper().lower()) or text.upper().lower() != text.upper().casefold()
    assert key(key(text)) == key(text)


def test_a_tag_is_renamed_everywhere_and_may_become_one_with_another(catalog: Catalog) -> None:
    first, copy, other = three(catalog)
    decisions = catalog.decisions
    decisions.add_tags([first], ["sea"])
    decisions.add_tags([other], ["sea", "Ocean"])
    live = decisions.add_collection("Waves", query=Query((), Filter(tags=("SEA",))))
    assert decisions.rename_tag("SEA", "See") == (first, copy, other)
    assert decisions.tags() == [("See", 3), ("Ocean", 1)]
    assert found(catalog, "see") == {first, copy, other}
    assert decisions.rename_tag("see", "ocean") == (first, copy, other)
    assert decisions.tags() == [("Ocean", 3)]
    assert photo(catalog, other).tags == ("Ocean",)
    assert decisions.saved_query(live.collection_id).query.filter.tags == ("Ocean",)
    assert decisions.rename_tag("Ocean", "OCEAN") == (first, copy, other)
    assert decisions.tags() == [("OCEAN", 3)]
    with pytest.raises(UserError, match="no tag"):
        decisions.rename_tag("sea", "x")


def test_own_texts_stand_before_those_of_the_file_and_are_found(catalog: Catalog) -> None:
    first, copy, other = three(catalog)
    decisions = catalog.decisions
    assert (photo(catalog, other).title, photo(catalog, other).has_own_title) == ("of the file", False)
    decisions.set_title([other, first], "  Evening\n at the lake\x00 ")
    decisions.set_caption([first], " one\r\ntwo\t3 ")
    decisions.add_tags([first], ["Grandma's birthday"])
    assert (photo(catalog, other).title, photo(catalog, other).has_own_title) == ("Evening at the lake", True)
    assert photo(catalog, other).metadata.title == "of the file"
    assert (photo(catalog, copy).caption, photo(catalog, copy).has_own_caption) == ("one\ntwo 3", True)
    assert found(catalog, "lake") == {first, copy, other}
    assert found(catalog, '"two 3"') == found(catalog, "grandma birthday") == {first, copy}
    assert found(catalog, '"of the file"') == set()
    decisions.set_title([other], " ")
    assert found(catalog, '"of the file"') == {other}
    decisions.remove_tags([copy], ["grandma's birthday"])
    assert found(catalog, "grandma") == set()
    assert found(catalog, "sea") == {other}


def test_texts_have_an_end(catalog: Catalog) -> None:
    with pytest.raises(UserError, match="1,000 are the most"):
        catalog.decisions.set_title([1], "x" * (TITLE_LENGTH + 1))
    with pytest.raises(UserError, match="8,000 are the most"):
        catalog.decisions.set_caption([1], "x" * (CAPTION_LENGTH + 1))


def test_one_decision_taken_back_leaves_the_others(catalog: Catalog) -> None:
    (photo_id,) = add(catalog, prepared(b"/photos/a.jpg", 1))
    catalog.set_rating([photo_id], 4)
    catalog.decisions.set_flag([photo_id], 1)
    catalog.decisions.set_title([photo_id], "title")
    catalog.set_rating([photo_id], None)
    assert (photo(catalog, photo_id).rating, photo(catalog, photo_id).flag) == (None, 1)
    catalog.decisions.set_flag([photo_id], None)
    assert photo(catalog, photo_id).title == "title"
    catalog.decisions.set_title([photo_id], None)
    rows = catalog._connection.execute("SELECT count(*) FROM decision").fetchone()
    assert rows == (0,)


def test_decisions_outlive_moves_removal_and_the_folder(catalog: Catalog) -> None:
    (first,) = add(catalog, prepared(b"/photos/a.jpg", 1))
    decisions = catalog.decisions
    decisions.set_flag([first], 1)
    decisions.add_tags([first], ["kept"])
    decisions.set_title([first], "kept title")
    best = decisions.add_collection("Best", [first])
    catalog.move_photos([(first, b"/photos/moved/a.jpg", facts(1))])
    assert photo(catalog, first).tags == ("kept",)
    catalog.remove_folder(catalog.folders()[0].folder_id)
    assert decisions.tags() == []
    assert [each.photo_count for each in decisions.collections()] == [0]
    catalog.add_folder(b"/elsewhere")
    (back,) = add(catalog, prepared(b"/elsewhere/x.jpg", 1))
    again = photo(catalog, back)
    assert (again.flag, again.tags, again.title) == (1, ("kept",), "kept title")
    assert found(catalog, "kept") == {back}
    assert filtered(catalog, flag=1) == filtered(catalog, collection_id=best.collection_id) == [back]
    assert decisions.tags() == [("kept", 1)]


def test_a_changed_file_has_the_decisions_of_its_new_bytes(catalog: Catalog) -> None:
    first, _, other = three(catalog)
    catalog.decisions.set_flag([other], 1)
    catalog.decisions.add_tags([other], ["other"])
    add(catalog, prepared(b"/photos/a.jpg", 2))
    assert (photo(catalog, first).flag, photo(catalog, first).tags) == (1, ("other",))
    assert set(filtered(catalog, flag=1)) == {first, other}
    assert found(catalog, "other") == {first, other}


def test_copies_are_counted(catalog: Catalog) -> None:
    first, copy, other = three(catalog)
    assert [photo(catalog, each).copies for each in (first, copy, other)] == [2, 2, 1]
    catalog.remove_photos([copy])
    assert photo(catalog, first).copies == 1


def test_a_collection_has_its_photos_in_the_order_added(catalog: Catalog) -> None:
    first, copy, other = three(catalog)
    decisions = catalog.decisions
    best = decisions.add_collection(" Best  of ", [other, 999, other])
    assert (best.name, best.photo_count, best.is_live) == ("Best of", 1, False)
    decisions.add_to_collection(best.collection_id, [first, other])
    id_ = best.collection_id
    assert filtered(catalog, SortOrder.COLLECTION, collection_id=id_) == [other, first, copy]
    assert filtered(catalog, SortOrder.NAME, collection_id=id_) == [first, other, copy]
    assert filtered(catalog, SortOrder.COLLECTION, collection_id=id_, flag=-1) == [other]
    assert filtered(catalog, SortOrder.COLLECTION) == filtered(catalog, SortOrder.ADDED)
    assert [each.photo_count for each in decisions.collections()] == [3]
    assert decisions.collections_of(copy) == decisions.collections()
    decisions.remove_from_collection(id_, [copy])
    assert filtered(catalog, SortOrder.COLLECTION, collection_id=id_) == [other]
    assert decisions.collections_of(copy) == []
    catalog.remove_photos([other])
    assert [each.photo_count for each in decisions.collections()] == [0]
    decisions.remove_collection(id_)
    assert decisions.collections() == []


def test_names_of_collections_are_taken_once(catalog: Catalog) -> None:
    decisions = catalog.decisions
    best = decisions.add_collection("Best")
    for name, why in (("BEST", "“Best” already"), (" ", "empty"), ("x" * 101, "100 are the most")):
        with pytest.raises(UserError, match=why):
            decisions.add_collection(name)
    decisions.add_collection("aardvark")
    with pytest.raises(UserError, match="already"):
        decisions.rename_collection(best.collection_id, "Aardvark")
    decisions.rename_collection(best.collection_id, "BEST")
    assert [each.name for each in decisions.collections()] == ["aardvark", "BEST"]


def test_nothing_is_put_into_what_is_gone_or_live(catalog: Catalog) -> None:
    decisions = catalog.decisions
    live = decisions.add_collection("Live", query=Query((WordsPart("sea"),)))
    with pytest.raises(UserError, match="its query finds"):
        decisions.add_to_collection(live.collection_id, [1])
    with pytest.raises(UserError, match="no longer there"):
        decisions.add_to_collection(999, [1])
    best = decisions.add_collection("Best")
    for collection_id in (best.collection_id, 999):
        with pytest.raises(UserError, match="no longer there"):
            decisions.saved_query(collection_id)


def test_a_live_collection_finds_its_photo_again_under_another_id(catalog: Catalog) -> None:
    first, _, other = three(catalog)
    decisions = catalog.decisions
    query = Query((PhotoPart(other, -0.5), WordsPart("sea")), Filter(directory=b"/photos"), 50)
    live = decisions.add_collection("Live", query=query)
    assert decisions.saved_query(live.collection_id).query == query
    catalog.remove_photos([other])
    gone = decisions.saved_query(live.collection_id)
    assert gone.query.parts == (WordsPart("sea"),)
    assert len(gone.remarks) == 1
    (back,) = add(catalog, prepared(b"/photos/again.jpg", 2, known=True))
    assert back not in (first, other)
    assert decisions.saved_query(live.collection_id).query.parts[0] == PhotoPart(back, -0.5)


def test_a_merge_takes_what_the_kept_one_has_not(catalog: Catalog) -> None:
    decisions = catalog.decisions
    kept, gone, more, rejected = add(
        catalog,
        prepared(b"/photos/kept.jpg", 1, metadata=Metadata(keywords=("Sea",), rating=2)),
        prepared(b"/photos/gone.jpg", 2, metadata=Metadata(keywords=("sea", "sun"), caption="of the file")),
        prepared(b"/photos/more.jpg", 3),
        prepared(b"/photos/rejected.jpg", 4, metadata=Metadata(rating=-1)),
    )
    assert decisions.merge_of(kept, [rejected, kept, 999]) == decisions.merge_of(999, [gone])
    decisions.add_tags([gone], ["beach"])
    decisions.set_flag([gone], 1)
    catalog.set_rating([gone], 4)
    catalog.set_rating([more], 5)
    decisions.set_title([more], "later")
    decisions.add_collection("Best", [gone, kept])
    decisions.add_collection("Other", [more])
    merge = decisions.merge_of(kept, [gone, more])
    assert merge.tags == ("beach", "sun")
    assert (merge.rating, merge.flag, merge.title, merge.caption) == (5, 1, "later", "of the file")
    assert merge.collections == ("Other",)
    assert decisions.merge_of(rejected, [gone]).rating is None
    assert decisions.merge_of(rejected, [gone]).flag == 0


def test_ten_thousand_photos_are_tagged_in_one_step(catalog: Catalog) -> None:
    """One transaction, and lists that wait for nobody: measured in CPU time, as the machine is shared."""
    ids: list[int] = []
    for start in range(0, 10_000, 1_000):
        ids += add(catalog, *(prepared(b"/photos/%d.jpg" % n, n) for n in range(start, start + 1_000)))
    generation = catalog.generation()
    catalog.decisions.add_tags(ids, ["one", "two"])
    assert catalog.generation() == generation + 1
    assert catalog.decisions.tags() == [("one", 10_000), ("two", 10_000)]
    assert len(filtered(catalog, tags=("one",))) == 10_000
    best = catalog.decisions.add_collection("Best", ids[::-1])
    in_order = filtered(catalog, SortOrder.COLLECTION, collection_id=best.collection_id, tags=("one",), flag=0)
    assert in_order == ids[::-1]
    assert quickest_s(lambda: catalog.decisions.tags()) < 0.01
    rows = random.Random(1).sample(ids, 200)
    assert quickest_s(lambda: catalog.photos(rows)) < 0.05


def quickest_s(work: Callable[[], Sequence[object]]) -> float:
    times = []
    for _ in range(5):
        start = time.process_time()
        work()
        times.append(time.process_time() - start)
    return min(times)
