"""Writes what is said of a photo beside it, as an XMP sidecar NAME.ext.xmp.

Called on a thread of the library, only when a person asks for it. The name keeps the ending of the photo, as
darktable and digiKam do it: NAME.xmp, which Adobe's programs use, would be one sidecar for a RAW file and its JPEG.

A sidecar that is there belongs to somebody else, too: of its document only the four properties change that
PhotoFind knows (xmp:Rating, dc:subject, dc:title, dc:description), all else is written back as it was read.
ElementTree lost against minidom here: it renames the prefixes of foreign namespaces and drops what stands around
the root. A document that declares a type or entities is refused, as `metadata` does.
"""

import contextlib
import os
import re
import secrets
import stat
from collections.abc import Iterable, Iterator, Sequence
from xml.dom import minidom
from xml.parsers.expat import ExpatError

from photofind.errors import UserError
from photofind.records import ExportReport, Photo

SUFFIX = b".xmp"
SIZE_LIMIT = 32 << 20
"""darktable's history makes sidecars of a few 100 KiB."""

_RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
_XMP = "http://ns.adobe.com/xap/1.0/"
_DC = "http://purl.org/dc/elements/1.1/"
_XMLNS = "http://www.w3.org/2000/xmlns/"
_PREFIXES = {_RDF: "rdf", _XMP: "xmp", _DC: "dc"}
_RATING, _TAGS, _TITLE, _CAPTION = (_XMP, "Rating"), (_DC, "subject"), (_DC, "title"), (_DC, "description")
_EMPTY = f"""<x:xmpmeta xmlns:x="adobe:ns:meta/" x:xmptk="PhotoFind">
 <rdf:RDF xmlns:rdf="{_RDF}">
  <rdf:Description rdf:about="" xmlns:xmp="{_XMP}" xmlns:dc="{_DC}"/>
 </rdf:RDF>
</x:xmpmeta>
"""
_NO_XMP = "The sidecar that is there cannot be read as XMP; it stays as it is."

_DEFAULT = "x-default"
"""The language of a text that has no other."""

_Property = tuple[str, str]
"""Namespace and name."""


def write(photo: Photo, *, overwrite: bool) -> bytes | None:
    """Write the sidecar of a photo, whole or not at all.

    Args:
        photo: What is said of it is written: by the person, or else by the file. Where the person said nothing, no
            new sidecar is made.
        overwrite: See `merged`.

    Returns:
        The path of the sidecar; None where it needs no change.

    Raises:
        UserError: It cannot be written, or one is there that cannot be read; a sentence without the path.
    """
    if not photo.is_online:
        raise UserError("Its folder is not available.")
    path = photo.path + SUFFIX
    try:
        if not os.path.lexists(photo.path):
            raise UserError("The file is no longer there.")
        target = os.path.realpath(path)  # a link to a sidecar stays one
        before = _read(target)
        if not _is_news(photo) and (before is None or not overwrite):
            return None
        after = merged(before, photo, overwrite=overwrite)
        if after is None:
            return None
        _replace(target, after, is_new=before is None)
    except OSError as error:
        raise UserError(f"Its sidecar cannot be written: {error.strerror or error}.") from error
    return path


def write_all(photos: Iterable[Photo], *, overwrite: bool) -> ExportReport:
    """Write the sidecars of photos, as `write` does each; one that cannot be written keeps none of the others."""
    written: list[bytes] = []
    failed: list[tuple[bytes, str]] = []
    unchanged = 0
    for photo in photos:
        try:
            path = write(photo, overwrite=overwrite)
        except UserError as error:
            failed.append((photo.path, str(error)))
            continue
        if path is None:
            unchanged += 1
        else:
            written.append(path)
    return ExportReport(tuple(written), unchanged, tuple(failed))


def merged(sidecar: bytes | None, photo: Photo, *, overwrite: bool) -> bytes | None:
    """Return the text of a sidecar that also says what is said of a photo; None where it does already.

    Args:
        sidecar: The one that is there.
        photo: What is said of it.
        overwrite: Rating, tags, title and caption become those of the photo, and go where it has none. Otherwise
            what the sidecar says of rating, title and caption stays, and tags are added to its own.

    Raises:
        UserError: `sidecar` is no XMP.
    """
    try:
        document = _Document(_EMPTY.encode() if sidecar is None else sidecar)
        rating = _rating(photo)
        texts = (
            (_RATING, None if rating is None else str(rating)),
            (_TITLE, photo.title),
            (_CAPTION, photo.caption),
        )
        is_changed = False
        for name, text in texts:
            there = document.values(name)
            if there == ([] if text is None else [text]) or (there and not overwrite):
                continue
            is_changed = True
            if text is None:
                document.remove(name)
            elif name == _RATING:
                document.set_number(name, text)
            else:
                document.set_text(name, text)
        there = document.values(_TAGS)
        tags = list(dict.fromkeys((*photo.metadata.keywords, *photo.tags)))
        known = {tag.casefold() for tag in there}
        wanted = tags if overwrite else there + [tag for tag in tags if tag.casefold() not in known]
        if wanted != there:
            is_changed = True
            document.set_list(_TAGS, wanted)
        return document.text().encode() if is_changed else None
    except RecursionError as error:  # elements within elements without end
        raise UserError(_NO_XMP) from error


def _rating(photo: Photo) -> int | None:
    """Return the rating as XMP has it: -1 for rejected."""
    if photo.flag == -1:
        return -1
    return 0 if photo.rating == -1 else photo.rating


def _is_news(photo: Photo) -> bool:
    """Tell whether the person said anything that the file does not say."""
    return bool(
        photo.tags or photo.has_own_title or photo.has_own_caption or _rating(photo) != photo.metadata.rating
    )


# ----------------------------------------------------------------------------------------------- the document


class _Document:
    """An XMP document, read and changed in place; UserError when it is none."""

    def __init__(self, data: bytes) -> None:
        coding = "utf-16" if data.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8-sig"
        try:
            text = data.decode(coding).rstrip("\0")
            if "<!" in text.replace("<!--", "").replace("<![CDATA[", ""):  # a document type, and with it entities
                raise UserError(_NO_XMP)
            self._document = minidom.parseString(  # noqa: S318  declarations were refused above
                re.sub(r"^\s*<\?xml[^>]*\?>\s*", "", text)
            )
        except (UnicodeDecodeError, ExpatError, ValueError) as error:
            raise UserError(_NO_XMP) from error
        roots = self._document.getElementsByTagNameNS(_RDF, "RDF")
        if not roots:
            raise UserError(_NO_XMP)
        self._descriptions = _children(roots[0], (_RDF, "Description"))
        if not self._descriptions:
            self._descriptions = [self._append(roots[0], (_RDF, "Description"))]
            self._descriptions[0].setAttributeNS(_RDF, "rdf:about", "")

    def values(self, name: _Property) -> list[str]:
        """Return what is said of a property: entries of a list, or one text, of languages the default one."""
        found = [each.getAttributeNS(*name) for each in self._descriptions if each.hasAttributeNS(*name)]
        for element in self._elements(name):
            items = _items(element)
            if name != _TAGS:
                items = sorted(items, key=lambda item: _language(item) != _DEFAULT)[:1]
            found += [_text(item) for item in items] if items else [_text(element)]
        return [value for value in found if value.strip()]

    def remove(self, name: _Property) -> None:
        """Take a property out, and the line that it stood on."""
        for description in self._descriptions:
            if description.hasAttributeNS(*name):
                description.removeAttributeNS(*name)
            for element in _children(description, name):
                space = element.previousSibling
                if isinstance(space, minidom.Text) and not space.data.strip():
                    description.removeChild(space)
                description.removeChild(element)

    def set_number(self, name: _Property, number: str) -> None:
        self.remove(name)
        self._append(self._descriptions[0], name, number)

    def set_list(self, name: _Property, values: Sequence[str]) -> None:
        self.remove(name)
        if values:
            bag = self._append(self._append(self._descriptions[0], name), (_RDF, "Bag"))
            for value in values:
                self._append(bag, (_RDF, "li"), value)

    def set_text(self, name: _Property, text: str) -> None:
        """Set a text in the language that has no name; those in other languages stay."""
        others = [
            (language, _text(item))
            for element in self._elements(name)
            for item in _items(element)
            if (language := _language(item)) != _DEFAULT
        ]
        self.remove(name)
        alternatives = self._append(self._append(self._descriptions[0], name), (_RDF, "Alt"))
        for language, value in ((_DEFAULT, text), *others):
            self._append(alternatives, (_RDF, "li"), value).setAttribute("xml:lang", language)

    def text(self) -> str:
        """Return the document as text."""
        return '<?xml version="1.0" encoding="UTF-8"?>\n' + "".join(_written(self._document))

    def _elements(self, name: _Property) -> list[minidom.Element]:
        return [element for description in self._descriptions for element in _children(description, name)]

    def _append(self, parent: minidom.Element, name: _Property, text: str = "") -> minidom.Element:
        """Append an element on a line of its own; its prefix is declared where the document has not done so."""
        around, depth, meaning = parent.parentNode, 1, parent.getAttribute(f"xmlns:{_PREFIXES[name[0]]}")
        while isinstance(around, minidom.Element):
            meaning = meaning or around.getAttribute(f"xmlns:{_PREFIXES[name[0]]}")
            around, depth = around.parentNode, depth + 1
        element = self._document.createElementNS(name[0], f"{_PREFIXES[name[0]]}:{name[1]}")
        if meaning != name[0]:
            element.setAttributeNS(_XMLNS, f"xmlns:{_PREFIXES[name[0]]}", name[0])
        if text:
            element.appendChild(self._document.createTextNode(text))
        last = parent.lastChild
        if isinstance(last, minidom.Text) and not last.data.strip():
            parent.removeChild(last)
        parent.appendChild(self._document.createTextNode("\n" + " " * depth))
        parent.appendChild(element)
        parent.appendChild(self._document.createTextNode("\n" + " " * (depth - 1)))
        return element


def _children(element: minidom.Element, name: _Property) -> list[minidom.Element]:
    return [
        each
        for each in element.childNodes
        if isinstance(each, minidom.Element) and (each.namespaceURI, each.localName) == name
    ]


def _items(element: minidom.Element) -> list[minidom.Element]:
    return list(element.getElementsByTagNameNS(_RDF, "li"))


def _text(element: minidom.Element) -> str:
    return "".join(each.data for each in element.childNodes if isinstance(each, minidom.Text))


def _language(item: minidom.Element) -> str:
    return item.getAttribute("xml:lang") or _DEFAULT


def _written(node: minidom.Node) -> Iterator[str]:
    """Yield a document as text; minidom's own writer loses line ends in attributes before Python 3.13."""
    if isinstance(node, minidom.Document):
        for part in node.childNodes:
            yield from _written(part)
            yield "\n"
    elif isinstance(node, minidom.Element):
        yield f"<{node.tagName}"
        for name, value in node.attributes.items():
            yield f' {name}="{_escaped(value, in_attribute=True)}"'
        if not node.childNodes:
            yield "/>"
            return
        yield ">"
        for child in node.childNodes:
            yield from _written(child)
        yield f"</{node.tagName}>"
    elif isinstance(node, minidom.CDATASection):
        yield f"<![CDATA[{node.data}]]>"
    elif isinstance(node, minidom.Text):
        yield _escaped(node.data)
    elif isinstance(node, minidom.Comment):
        yield f"<!--{node.data}-->"
    elif isinstance(node, minidom.ProcessingInstruction):
        yield f"<?{node.target} {node.data}?>"


def _escaped(text: str, *, in_attribute: bool = False) -> str:
    marks: dict[str, str | int | None] = {"&": "&amp;", "<": "&lt;", ">": "&gt;", "\r": "&#13;"}
    if in_attribute:
        marks |= {'"': "&quot;", "\n": "&#10;", "\t": "&#9;"}
    return text.translate(str.maketrans(marks))


# ----------------------------------------------------------------------------------------------- the file


def _read(path: bytes) -> bytes | None:
    """Return the bytes of a sidecar; None when there is none."""
    try:
        facts = os.stat(path)
    except FileNotFoundError:
        return None
    if not stat.S_ISREG(facts.st_mode) or facts.st_size > SIZE_LIMIT:  # a FIFO would be waited for
        raise UserError(_NO_XMP)
    with open(path, "rb") as file:
        return file.read()


def _replace(path: bytes, data: bytes, *, is_new: bool) -> None:
    draft = os.path.join(os.path.dirname(path), b".photofind-" + secrets.token_hex(8).encode() + SUFFIX)
    with open(draft, "xb") as file:  # not a temporary file: those are for nobody else to read
        try:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
            if not is_new:
                with contextlib.suppress(OSError):
                    os.chmod(draft, stat.S_IMODE(os.stat(path).st_mode))
        except BaseException:
            os.unlink(draft)
            raise
    try:
        os.replace(draft, path)
    except BaseException:
        os.unlink(draft)
        raise
