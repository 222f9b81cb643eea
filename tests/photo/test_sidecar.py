"""Sidecars say what was decided, to our own reader as to others, and lose nothing that somebody else wrote."""

import os
import stat
import unicodedata
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from photofind.errors import UserError
from photofind.photo import metadata, sidecar
from photofind.records import Metadata, Photo

FOREIGN = """<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<!-- darktable's -->
<x:xmpmeta xmlns:x="adobe:ns:meta/" x:xmptk="XMP Core 4.4.0">
 <rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
  <rdf:Description rdf:about=""
    xmlns:xmp="http://ns.adobe.com/xap/1.0/"
    xmlns:darktable="http://darktable.sf.net/"
    xmlns:dcterms="http://purl.org/dc/elements/1.1/"
   xmp:Rating="2"
   darktable:history_end="3"
   darktable:note="one&#10;two &lt;&amp;&quot;">
   <dcterms:title>
    <rdf:Alt>
     <rdf:li xml:lang="x-default">Lake</rdf:li>
     <rdf:li xml:lang="de">See</rdf:li>
    </rdf:Alt>
   </dcterms:title>
   <dcterms:subject>
    <rdf:Bag>
     <rdf:li>Water</rdf:li>
    </rdf:Bag>
   </dcterms:subject>
   <darktable:history>
    <rdf:Seq>
     <rdf:li darktable:params="gz02eJxj" darktable:enabled="1"/>
    </rdf:Seq>
   </darktable:history>
  </rdf:Description>
 </rdf:RDF>
</x:xmpmeta>
<?xpacket end="w"?>
"""


def photo(path: bytes = b"/photos/a.jpg", **facts: object) -> Photo:
    plain = Photo(1, 1, path, 1, 100, 0, bytes(32), 4, 3, "JPEG", 0, Metadata(), rating=None, is_online=True)
    return replace(plain, **facts)  # type: ignore[arg-type]


def read(text: bytes) -> Metadata:
    """Return what our reader makes of a sidecar, put into a photo: there it reads XMP."""
    buffer = BytesIO()
    Image.new("RGB", (8, 8)).save(buffer, "JPEG", xmp=text)
    return metadata.read_metadata(buffer.getvalue())


def written(one: Photo, before: bytes | None = None, *, overwrite: bool = False) -> bytes:
    text = sidecar.merged(before, one, overwrite=overwrite)
    assert text is not None
    return text


def properties(text: bytes) -> dict[str, str]:
    """Return the properties of a document by their names in full: attributes as text, elements as XML."""
    (description,) = ElementTree.fromstring(text).iter("{http://www.w3.org/1999/02/22-rdf-syntax-ns#}Description")
    elements = {
        each.tag: ElementTree.canonicalize(ElementTree.tostring(each, "unicode"), strip_text=True)
        for each in description
    }
    return {**description.attrib, **elements}


def shown(length: int, *, lines: bool = False) -> st.SearchStrategy[str]:
    """Return texts as the catalog keeps them."""
    letters = st.characters(exclude_categories=["C"])
    texts = st.text(letters | st.just("\n") if lines else letters, min_size=1, max_size=length)
    cleaned = texts.map(lambda text: unicodedata.normalize("NFC", text)[:length].strip())
    return cleaned.filter(bool) if lines else cleaned.map(lambda text: " ".join(text.split())).filter(bool)


PHOTOS = st.builds(
    lambda tags, title, caption, rating: photo(tags=tags, title=title, caption=caption, rating=rating),
    st.lists(shown(40), unique_by=str.casefold, max_size=5).map(tuple),
    st.none() | shown(60),
    st.none() | shown(200, lines=True),
    st.none() | st.integers(0, 5),
)


@given(PHOTOS, st.booleans())
def test_our_own_reader_reads_what_is_written(one: Photo, is_rejected: bool) -> None:
    one = replace(one, flag=-1 if is_rejected else 0)
    said = (one.tags, one.title, one.caption, -1 if is_rejected else one.rating)
    if said == ((), None, None, None):
        assert sidecar.merged(None, one, overwrite=True) is None
        return
    for before in (None, FOREIGN.encode(), FOREIGN.encode("utf-16")):
        text = sidecar.merged(before, one, overwrite=True)
        again = read(text or FOREIGN.encode())
        assert (again.keywords, again.title, again.caption, again.rating) == said
        assert text is None or sidecar.merged(text, one, overwrite=True) is None  # nothing is left to do


@given(PHOTOS)
def test_what_is_there_stays(one: Photo) -> None:
    text = sidecar.merged(FOREIGN.encode(), one, overwrite=False) or FOREIGN.encode()
    again = read(text)
    assert (again.title, again.rating, again.caption) == ("Lake", 2, one.caption)
    assert again.keywords == ("Water", *(tag for tag in one.tags if tag.casefold() != "water"))


def test_what_others_wrote_is_not_lost() -> None:
    one = photo(tags=("Water", "Zoo"), title="Elsewhere", caption="<b> & 'c'\nsecond", rating=5)
    text = written(one, FOREIGN.encode(), overwrite=True)
    assert "Lake" not in text.decode()
    assert ">See</" in text.decode()  # the German title
    back = properties(written(photo(tags=("Water",), title="Lake", rating=2), text, overwrite=True))
    rating = "{http://ns.adobe.com/xap/1.0/}Rating"
    assert "2" in back[rating]  # an element now
    assert back | {rating: "2"} == properties(FOREIGN.encode())
    assert text.count(b"<?xpacket") == 2
    assert b"<!-- darktable's -->" in text
    assert b'darktable:note="one&#10;two &lt;&amp;&quot;"' in text
    assert b'darktable:params="gz02eJxj"' in text


def test_the_keywords_of_the_file_go_with_the_tags() -> None:
    one = photo(metadata=Metadata(keywords=("Sea", "sun")), tags=("sand",))
    assert read(written(one)).keywords == ("Sea", "sun", "sand")


@pytest.mark.parametrize(
    "broken",
    [
        b"", b"no XML", b"<a/>", b"\xff\xfe\x00", b"\xe9",
        b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>',
        b"<a>" * 3_000 + b"</a>" * 3_000,
        FOREIGN.encode()[:-200],
    ],
)  # fmt: skip
def test_what_is_no_xmp_is_left_alone(broken: bytes, tmp_path: Path) -> None:
    (tmp_path / "a.jpg").touch()
    (tmp_path / "a.jpg.xmp").write_bytes(broken)
    with pytest.raises(UserError, match="cannot be read as XMP"):
        sidecar.write(photo(os.fsencode(tmp_path / "a.jpg"), tags=("x",)), overwrite=True)
    assert (tmp_path / "a.jpg.xmp").read_bytes() == broken
    assert len(list(tmp_path.iterdir())) == 2


def test_a_sidecar_lies_beside_its_photo_and_the_photo_stays(tmp_path: Path) -> None:
    original = tmp_path / "a b.JPG"
    original.write_bytes(b"jpeg")
    before = original.stat()
    one = photo(os.fsencode(original), tags=("x",))
    assert sidecar.write(one, overwrite=False) == os.fsencode(tmp_path / "a b.JPG.xmp")
    assert read((tmp_path / "a b.JPG.xmp").read_bytes()).keywords == ("x",)
    assert sidecar.write(one, overwrite=False) is None
    assert sidecar.write(one, overwrite=True) is None
    assert original.read_bytes() == b"jpeg"
    assert original.stat() == before
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a b.JPG", "a b.JPG.xmp"]
    mask = os.umask(0)
    os.umask(mask)
    if os.name != "nt":
        assert stat.S_IMODE((tmp_path / "a b.JPG.xmp").stat().st_mode) == 0o666 & ~mask


def test_where_nothing_was_decided_no_sidecar_is_made(tmp_path: Path) -> None:
    original = tmp_path / "a.jpg"
    original.touch()
    one = photo(os.fsencode(original), metadata=Metadata(rating=3, title="t", keywords=("k",)), rating=3, title="t")
    assert sidecar.write(one, overwrite=True) is None
    assert sidecar.write(replace(one, flag=1), overwrite=True) is None  # a pick has no place in XMP
    assert list(tmp_path.iterdir()) == [original]
    assert sidecar.write(replace(one, tags=("x",)), overwrite=False) is not None
    # Taken back since: only who asks for it has it written over.
    assert sidecar.write(one, overwrite=False) is None
    assert sidecar.write(one, overwrite=True) is not None
    assert read((tmp_path / "a.jpg.xmp").read_bytes()).keywords == ("k",)


def test_a_rejection_of_the_file_that_was_taken_back_is_written() -> None:
    one = photo(metadata=Metadata(rating=-1), rating=-1, flag=0)
    assert read(written(one)).rating == 0


def test_where_it_cannot_be_written_a_sentence_says_so(tmp_path: Path) -> None:
    path = os.fsencode(tmp_path / "a.jpg")
    with pytest.raises(UserError, match="no longer there"):
        sidecar.write(photo(path, tags=("x",)), overwrite=False)
    with pytest.raises(UserError, match="folder is not available"):
        sidecar.write(photo(path, tags=("x",), is_online=False), overwrite=False)
    (tmp_path / "a.jpg").touch()
    (tmp_path / "a.jpg.xmp").mkdir()
    with pytest.raises(UserError, match="cannot be read as XMP"):
        sidecar.write(photo(path, tags=("x",)), overwrite=False)
    assert len(list(tmp_path.iterdir())) == 2


def test_a_disk_that_refuses_leaves_the_sidecar_as_it_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a.jpg").touch()
    (tmp_path / "a.jpg.xmp").write_text(FOREIGN, encoding="utf-8")

    def refuse(source: bytes, target: bytes) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "replace", refuse)
    with pytest.raises(UserError, match="No space left"):
        sidecar.write(photo(os.fsencode(tmp_path / "a.jpg"), tags=("x",)), overwrite=True)
    assert (tmp_path / "a.jpg.xmp").read_text(encoding="utf-8") == FOREIGN
    assert len(list(tmp_path.iterdir())) == 2


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs a FIFO")
def test_a_fifo_is_not_waited_for(tmp_path: Path) -> None:
    (tmp_path / "a.jpg").touch()
    os.mkfifo(tmp_path / "a.jpg.xmp")
    with pytest.raises(UserError, match="cannot be read as XMP"):
        sidecar.write(photo(os.fsencode(tmp_path / "a.jpg"), tags=("x",)), overwrite=False)
