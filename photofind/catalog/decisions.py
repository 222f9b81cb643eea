"""What a person decides about photos: flags, tags, titles, captions, collections, and who inherits them.

Owns the SQL of the tables `decision` (but for ratings), `tag`, `decision_tag`, `collection` and
`collection_member`; called by whoever has a `Catalog`, on its thread and its connection, through
`Catalog.decisions`. Every decision hangs on the digest of a content: it holds for all copies, and is there again
when a photo comes back. What lists are filtered by (the flag) is repeated in `photo`; what photos are found by
(tags, title, caption) goes into the index of words. Both happen in the transaction of the decision: 1.1 s of CPU
for a tag on 10,000 photos, nearly all of it for their words, and 0.1 s for a flag. 200 photos are read in 6 ms with
tags, 4 ms without.

Repeating tags in `content`, as JSON beside the file's keywords, lost: renaming a tag or counting its photos would
read all contents.
"""

import json
import time
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from photofind.catalog import saved_query
from photofind.catalog.connection import naming_errors
from photofind.errors import UserError
from photofind.records import Collection, Merge, Query, RemovedTag, SavedQuery

if TYPE_CHECKING:
    from photofind.catalog.catalog import Catalog

NAME_LENGTH = 100
"""Characters of a tag or of the name of a collection; what `photo.metadata` reads of a keyword."""
TITLE_LENGTH = 1_000
CAPTION_LENGTH = 8_000
"""As `photo.metadata` reads them."""

_JOINERS = "\u200c\u200d"
"""Formatting characters that are part of words in Persian or Hindi, and of emoji."""

FLAG = (
    "coalesce((SELECT flag FROM decision WHERE decision.digest = content.digest),"
    " -(coalesce(user_rating, file_rating) IS -1))"
)
"""SQL over `content`: the flag that its photos show."""
REPEAT_FLAG = f"UPDATE photo SET flag = (SELECT {FLAG} FROM content WHERE content.id = content_id)"
DROP_EMPTY = "DELETE FROM decision WHERE digest = ? AND coalesce(rating, flag, title, caption) IS NULL"
"""For a decision that was taken back altogether."""


class Decisions:
    """The decisions in one catalog; see `Catalog.decisions`.

    Setters pass over photos that are gone, are one transaction each, and return the ids of all photos (without
    aliases) that they are about: those named and their copies.
    """

    def __init__(self, catalog: "Catalog") -> None:
        """Private: use `Catalog.decisions`."""
        self._catalog = catalog
        self._connection = catalog._connection

    # ------------------------------------------------------------------------------------ flags and texts

    @naming_errors
    def set_flag(self, photo_ids: Sequence[int], flag: int | None) -> tuple[int, ...]:
        """Flag photos: 1, 0 or -1; None takes the person's word back."""
        if flag not in (1, 0, -1, None):
            raise ValueError(f"a flag is 1, 0 or -1, not {flag}")
        return self._set("flag", photo_ids, flag)

    @naming_errors
    def set_title(self, photo_ids: Sequence[int], text: str | None) -> tuple[int, ...]:
        """Give photos a title of one line; None or blank takes it away. UserError when it is too long."""
        cleaned = " ".join(_cleaned(text or "").split())
        _check_length(cleaned, TITLE_LENGTH, "text")
        return self._set("title", photo_ids, cleaned or None)

    @naming_errors
    def set_caption(self, photo_ids: Sequence[int], text: str | None) -> tuple[int, ...]:
        """Give photos a caption of any lines; None or blank takes it away. UserError when it is too long."""
        cleaned = _cleaned(text or "").strip()
        _check_length(cleaned, CAPTION_LENGTH, "text")
        return self._set("caption", photo_ids, cleaned or None)

    def _set(self, column: str, photo_ids: Sequence[int], value: int | str | None) -> tuple[int, ...]:
        contents = self._contents(photo_ids)
        if not contents:
            return ()
        with self._catalog._write():
            self._put(column, list(contents.values()), value)
            if column == "flag":
                self._repeat_flags(contents)
            else:
                self._index_words(contents)
        return self._shown(contents)

    def _put(self, column: str, digests: Sequence[bytes], value: int | str | None) -> None:
        self._connection.executemany(
            f"INSERT INTO decision (digest, {column}, decided_at_ns) VALUES (?, ?, ?) ON CONFLICT (digest)"
            f" DO UPDATE SET {column} = excluded.{column}, decided_at_ns = excluded.decided_at_ns",
            ((digest, value, time.time_ns()) for digest in digests),
        )
        if value is None:
            self._connection.executemany(DROP_EMPTY, ((digest,) for digest in digests))

    # ------------------------------------------------------------------------------------ tags

    @naming_errors
    def tags(self) -> list[tuple[str, int]]:
        """Return the tags that photos have, and how many, the most frequent first."""
        return self._connection.execute(
            "SELECT name, photo_count FROM tag WHERE photo_count > 0 ORDER BY photo_count DESC, key"
        ).fetchall()

    @naming_errors
    def add_tags(self, photo_ids: Sequence[int], tags: Sequence[str]) -> tuple[int, ...]:
        """Give photos tags. UserError for what can be no tag."""
        names = [_name(tag) for tag in tags]
        contents = self._contents(photo_ids)
        if not contents or not names:
            return ()
        with self._catalog._write():
            self._tag(contents.values(), names)
            self._index_words(contents)
        return self._shown(contents)

    @naming_errors
    def remove_tags(self, photo_ids: Sequence[int], tags: Sequence[str]) -> tuple[int, ...]:
        """Take tags off photos."""
        contents = self._contents(photo_ids)
        if not contents or not tags:
            return ()
        with self._catalog._write():
            self._untag(contents.values(), tags)
            self._index_words(contents)
        return self._shown(contents)

    @naming_errors
    def rename_tag(self, old: str, new: str) -> tuple[int, ...]:
        """Spell a tag otherwise, or make it one with the tag that is spelled so already."""
        name = _name(new)
        with self._catalog._write() as connection:
            row = connection.execute("SELECT id FROM tag WHERE key = ?", (key(old),)).fetchone()
            if row is None:
                raise UserError(f"There is no tag \u201c{old}\u201d.")
            (tag_id,) = row
            contents = dict(
                connection.execute(
                    "SELECT content.id, content.digest FROM decision_tag CROSS JOIN content"
                    " ON content.digest = decision_tag.digest WHERE tag_id = ?",
                    (tag_id,),
                )
            )
            other = connection.execute("SELECT id, name FROM tag WHERE key = ?", (key(name),)).fetchone()
            if other is None or other[0] == tag_id:
                connection.execute("UPDATE tag SET name = ?, key = ? WHERE id = ?", (name, key(name), tag_id))
            else:
                name = other[1]
                connection.execute(
                    "INSERT OR IGNORE INTO decision_tag SELECT ?, digest FROM decision_tag WHERE tag_id = ?",
                    (other[0], tag_id),
                )
                connection.execute("DELETE FROM decision_tag WHERE tag_id = ?", (tag_id,))
                connection.execute("DELETE FROM tag WHERE id = ?", (tag_id,))
            for collection_id, text in connection.execute(
                "SELECT id, query FROM collection WHERE query IS NOT NULL"
            ).fetchall():
                renamed = saved_query.with_tag_renamed(text, lambda tag: key(tag) == key(old), name)
                connection.execute("UPDATE collection SET query = ? WHERE id = ?", (renamed, collection_id))
            self._index_words(contents)
        return self._shown(contents)

    @naming_errors
    def remove_tag(self, tag: str) -> tuple[RemovedTag, tuple[int, ...]]:
        """Take a tag off everything that has it, also what is not there now. UserError when there is none."""
        with self._catalog._write() as connection:
            row = connection.execute("SELECT id, name FROM tag WHERE key = ?", (key(tag),)).fetchone()
            if row is None:
                raise UserError(f"There is no tag \u201c{tag}\u201d.")
            tag_id, name = row
            having = connection.execute("SELECT digest FROM decision_tag WHERE tag_id = ?", (tag_id,)).fetchall()
            digests = tuple(digest for (digest,) in having)
            contents = self._contents_of(digests)
            connection.execute("DELETE FROM decision_tag WHERE tag_id = ?", (tag_id,))
            connection.execute("DELETE FROM tag WHERE id = ?", (tag_id,))
            self._index_words(contents)
        return RemovedTag(name, digests), self._shown(contents)

    @naming_errors
    def restore_tag(self, removed: RemovedTag) -> tuple[int, ...]:
        """Undo `remove_tag`; where the name is a tag again, that one is given."""
        contents = self._contents_of(removed.digests)
        with self._catalog._write():
            self._tag(removed.digests, [removed.name])
            self._index_words(contents)
        return self._shown(contents)

    def _contents_of(self, digests: Iterable[bytes]) -> dict[int, bytes]:
        """Return the contents that these are of, by id."""
        return dict(self._rows("SELECT id, digest FROM content WHERE digest", digests))

    def tags_of(self, digests: Iterable[bytes]) -> dict[bytes, tuple[str, ...]]:
        """Return the tags of each content that has any, in alphabetical order."""
        found: dict[bytes, list[tuple[str, str]]] = {}
        for digest, name, tag_key in self._rows(
            "SELECT digest, name, key FROM decision_tag JOIN tag ON tag.id = tag_id WHERE digest", digests
        ):
            found.setdefault(digest, []).append((tag_key, name))
        return {digest: tuple(name for _, name in sorted(tags)) for digest, tags in found.items()}

    def _tag(self, digests: Iterable[bytes], names: Iterable[str]) -> None:
        digests = list(digests)
        for name in names:
            self._connection.execute(
                "INSERT INTO tag (name, key) VALUES (?, ?) ON CONFLICT (key) DO NOTHING", (name, key(name))
            )
            (tag_id,) = self._connection.execute("SELECT id FROM tag WHERE key = ?", (key(name),)).fetchone()
            self._connection.executemany(
                "INSERT OR IGNORE INTO decision_tag VALUES (?, ?)", ((tag_id, digest) for digest in digests)
            )

    def _untag(self, digests: Iterable[bytes], names: Iterable[str]) -> None:
        digests = list(digests)
        for name in names:
            row = self._connection.execute("SELECT id FROM tag WHERE key = ?", (key(name),)).fetchone()
            if row is None:
                continue
            self._connection.executemany(
                "DELETE FROM decision_tag WHERE tag_id = ? AND digest = ?", ((row[0], digest) for digest in digests)
            )
            self._connection.execute(
                "DELETE FROM tag WHERE id = ? AND NOT EXISTS (SELECT 1 FROM decision_tag WHERE tag_id = ?)",
                (row[0], row[0]),
            )

    # ------------------------------------------------------------------------------------ collections

    @naming_errors
    def collections(self) -> list[Collection]:
        """Return all collections, by name."""
        return list(self._collections("1"))

    @naming_errors
    def collections_of(self, photo_id: int) -> list[Collection]:
        """Return the collections that a photo is in, by name."""
        return list(
            self._collections(
                "id IN (SELECT collection_id FROM collection_member WHERE digest ="
                " (SELECT digest FROM photo JOIN content ON content.id = content_id WHERE photo.id = ?))",
                photo_id,
            )
        )

    @naming_errors
    def add_collection(self, name: str, photo_ids: Sequence[int] = (), *, query: Query | None = None) -> Collection:
        """Make a collection of photos, or a live one of a query. UserError when name or query cannot be."""
        name = _name(name)
        text = None if query is None else saved_query.to_text(query, self._digest_of)
        digests = self._digests_in_order(photo_ids)
        with self._catalog._write(bumps=False) as connection:
            self._refuse_taken(name)
            cursor = connection.execute(
                "INSERT INTO collection (name, key, query) VALUES (?, ?, ?)", (name, key(name), text)
            )
            collection_id = int(cursor.lastrowid or 0)
            self._put_in(collection_id, digests)
        return next(self._collections("id = ?", collection_id))

    @naming_errors
    def rename_collection(self, collection_id: int, name: str) -> None:
        """Give a collection another name; one that is gone is passed over. UserError when the name cannot be."""
        name = _name(name)
        with self._catalog._write(bumps=False) as connection:
            self._refuse_taken(name, besides=collection_id)
            connection.execute(
                "UPDATE collection SET name = ?, key = ? WHERE id = ?", (name, key(name), collection_id)
            )

    @naming_errors
    def remove_collection(self, collection_id: int) -> None:
        """Forget a collection."""
        with self._catalog._write(bumps=False) as connection:
            connection.execute("DELETE FROM collection_member WHERE collection_id = ?", (collection_id,))
            connection.execute("DELETE FROM collection WHERE id = ?", (collection_id,))

    @naming_errors
    def add_to_collection(self, collection_id: int, photo_ids: Sequence[int]) -> None:
        """Put photos at the end of a collection. UserError when it is gone, or live."""
        digests = self._digests_in_order(photo_ids)
        with self._catalog._write(bumps=False):
            if (found := next(self._collections("id = ?", collection_id), None)) is None:
                raise UserError("This collection is no longer there.")
            if found.is_live:
                raise UserError("A live collection has the photos that its query finds; none can be put into it.")
            self._put_in(collection_id, digests)

    @naming_errors
    def remove_from_collection(self, collection_id: int, photo_ids: Sequence[int]) -> None:
        """Take photos out of a collection."""
        digests = self._digests_in_order(photo_ids)
        with self._catalog._write(bumps=False):
            self._take_out(collection_id, digests)

    @naming_errors
    def saved_query(self, collection_id: int) -> SavedQuery:
        """Return the query of a live collection. UserError when it is gone, or cannot be read."""
        row = self._connection.execute("SELECT query FROM collection WHERE id = ?", (collection_id,)).fetchone()
        if row is None or row[0] is None:
            raise UserError("This live collection is no longer there.")
        return saved_query.from_text(row[0], self._photo_of)

    def _collections(self, condition: str, *parameters: object) -> Iterator[Collection]:
        for id_, name, count, is_live in self._connection.execute(
            f"SELECT id, name, photo_count, query IS NOT NULL FROM collection WHERE {condition} ORDER BY key",
            parameters,
        ):
            yield Collection(id_, name, count, bool(is_live))

    def _refuse_taken(self, name: str, besides: int = 0) -> None:
        taken = self._connection.execute(
            "SELECT name FROM collection WHERE key = ? AND id <> ?", (key(name), besides)
        ).fetchone()
        if taken is not None:
            raise UserError(f"There is a collection \u201c{taken[0]}\u201d already.")

    def _put_in(self, collection_id: int, digests: Iterable[bytes]) -> None:
        self._connection.executemany(
            "INSERT OR IGNORE INTO collection_member (collection_id, digest) VALUES (?, ?)",
            ((collection_id, digest) for digest in digests),
        )

    def _take_out(self, collection_id: int, digests: Iterable[bytes]) -> None:
        self._connection.executemany(
            "DELETE FROM collection_member WHERE collection_id = ? AND digest = ?",
            ((collection_id, digest) for digest in digests),
        )

    # ------------------------------------------------------------------------------------ who inherits

    @naming_errors
    def merge_of(self, kept_id: int, trashed_ids: Sequence[int]) -> Merge:
        """Return what a photo will take over from others when they go to the trash."""
        kept = self._digest_of(kept_id)
        return Merge() if kept is None else self._as_merge(self._gain(kept, self._digests_in_order(trashed_ids)))

    @naming_errors
    def note_heir(self, removal_id: int, heir_id: int) -> None:
        """Write into the journal that a photo will take over from one that is about to go.

        Beforehand, so that it does even where the program is killed between the move and `finish_removal`.
        """
        row = self._connection.execute("SELECT digest FROM removal WHERE id = ?", (removal_id,)).fetchone()
        heir = self._digest_of(heir_id)
        if row is not None and heir is not None and self._gain(heir, [row[0]]) != _Said():
            with self._catalog._write(bumps=False) as connection:
                connection.execute("UPDATE removal SET kept_digest = ? WHERE id = ?", (heir, removal_id))

    def take_over(self, removal_id: int) -> tuple[int, ...]:
        """Let the heir of a removal take over; inside a transaction. Returns the photos that changed."""
        row = self._connection.execute(
            "SELECT digest, kept_digest FROM removal WHERE id = ? AND kept_digest IS NOT NULL", (removal_id,)
        ).fetchone()
        if row is None:
            return ()
        gone, kept = row
        gain = self._gain(kept, [gone])
        before = (
            self._connection.execute(
                "SELECT rating, flag, title, caption FROM decision WHERE digest = ?", (kept,)
            ).fetchone()
            or (None,) * 4
        )
        merged: dict[str, Any] = {"tags": list(gain.tags), "collections": list(gain.collections)}
        for column, was, becomes in zip(_INHERITED, before, gain.inherited, strict=True):
            if becomes is not None:
                self._put(column, [kept], becomes)
                merged[column] = [was, becomes]
        self._tag([kept], gain.tags)
        for collection_id in gain.collections:
            self._put_in(collection_id, [kept])
        self._connection.execute("UPDATE removal SET merged = ? WHERE id = ?", (json.dumps(merged), removal_id))
        return self._repeat(kept)

    def give_back(self, removal_id: int) -> tuple[int, ...]:
        """Undo `take_over`, but for what was decided anew since; inside a transaction. Returns the same."""
        row = self._connection.execute(
            "SELECT kept_digest, merged FROM removal WHERE id = ? AND merged IS NOT NULL", (removal_id,)
        ).fetchone()
        if row is None:
            return ()
        kept, merged = row[0], json.loads(row[1])
        now = (
            self._connection.execute(
                "SELECT rating, flag, title, caption FROM decision WHERE digest = ?", (kept,)
            ).fetchone()
            or (None,) * 4
        )
        for column, is_now in zip(_INHERITED, now, strict=True):
            if column in merged and is_now == merged[column][1]:
                self._put(column, [kept], merged[column][0])
        self._untag([kept], merged["tags"])
        for collection_id in merged["collections"]:
            self._take_out(collection_id, [kept])
        self._connection.execute("UPDATE removal SET merged = NULL WHERE id = ?", (removal_id,))
        return self._repeat(kept)

    def _gain(self, kept: bytes, gone: Sequence[bytes]) -> "_Said":
        """Return what a content takes over from others, from the first of them on."""
        said = self._said([kept, *gone])
        if kept not in said:
            return _Said()
        own = said[kept]
        rating, flag, title, caption = own.rating, own.flag, own.title, own.caption
        tags = {key(tag): tag for tag in own.tags}
        collections = dict.fromkeys(own.collections)
        for other in (said[digest] for digest in gone if digest in said and digest != kept):
            if other.rating is not None and other.rating > (rating or 0) >= 0:
                rating = other.rating
            if other.flag == 1 and flag == 0:
                flag = 1
            title = title or other.title
            caption = caption or other.caption
            for tag in other.tags:
                tags.setdefault(key(tag), tag)
            collections |= dict.fromkeys(other.collections)
        return _Said(
            rating if rating != own.rating else None,
            flag if flag != own.flag else None,
            title if title != own.title else None,
            caption if caption != own.caption else None,
            tuple(tags.values())[len({key(tag) for tag in own.tags}) :],
            tuple(collections)[len(own.collections) :],
        )

    def _said(self, digests: Sequence[bytes]) -> "dict[bytes, _Said]":
        """Return what is said of contents: by the person, or else by the file."""
        tags = self.tags_of(digests)
        members: dict[bytes, list[int]] = {}
        for digest, collection_id in self._rows(
            "SELECT digest, collection_id FROM collection_member WHERE digest", digests
        ):
            members.setdefault(digest, []).append(collection_id)
        return {
            digest: _Said(
                rating,
                flag,
                title,
                caption,
                (*tags.get(digest, ()), *(json.loads(keywords) if keywords else ())),
                tuple(sorted(members.get(digest, ()))),
            )
            for digest, rating, flag, title, caption, keywords in self._rows(
                f"SELECT content.digest, coalesce(user_rating, file_rating), {FLAG}, coalesce(decision.title,"
                " content.title), coalesce(decision.caption, content.caption), keywords FROM content"
                " LEFT JOIN decision ON decision.digest = content.digest WHERE content.digest",
                digests,
            )
        }

    def _as_merge(self, gain: "_Said") -> Merge:
        names = {each.collection_id: each.name for each in self._collections("1")} if gain.collections else {}
        collections = tuple(names[each] for each in gain.collections if each in names)
        return Merge(gain.tags, gain.rating, gain.flag or 0, gain.title, gain.caption, collections)

    def _repeat(self, digest: bytes) -> tuple[int, ...]:
        """Bring up to date what is repeated of the decisions on a content; return its photos."""
        contents = dict(self._connection.execute("SELECT id, digest FROM content WHERE digest = ?", (digest,)))
        self._connection.execute(
            "UPDATE content SET user_rating = (SELECT rating FROM decision WHERE decision.digest = content.digest)"
            " WHERE digest = ?",
            (digest,),
        )
        self._connection.executemany(
            "UPDATE photo SET rating = (SELECT coalesce(user_rating, file_rating) FROM content"
            " WHERE id = content_id) WHERE content_id = ?",
            ((each,) for each in contents),
        )
        self._repeat_flags(contents)
        self._index_words(contents)
        return self._shown(contents)

    # ------------------------------------------------------------------------------------ inside

    def _contents(self, photo_ids: Sequence[int]) -> dict[int, bytes]:
        """Return the contents of photos and their digests."""
        return self._catalog.digests_of(sorted(set(self._catalog.content_of(photo_ids).values())))

    def _digests_in_order(self, photo_ids: Sequence[int]) -> list[bytes]:
        """Return the digest of each photo that is there, each once, in the order of the photos."""
        content_of = self._catalog.content_of(photo_ids)
        digests = self._catalog.digests_of(sorted(set(content_of.values())))
        contents = dict.fromkeys(content_of[int(each)] for each in photo_ids if int(each) in content_of)
        return [digests[each] for each in contents]

    def _digest_of(self, photo_id: int) -> bytes | None:
        return next(iter(self._digests_in_order([photo_id])), None)

    def _photo_of(self, digest: bytes) -> int | None:
        photo_id: int | None = self._connection.execute(
            "SELECT min(photo.id) FROM photo JOIN content ON content.id = content_id"
            " WHERE digest = ? AND alias_of IS NULL",
            (digest,),
        ).fetchone()[0]
        return photo_id

    def _shown(self, contents: Mapping[int, bytes]) -> tuple[int, ...]:
        found = self._catalog.photos_of(list(contents))
        return tuple(sorted(photo_id for ids in found.values() for photo_id in ids))

    def _repeat_flags(self, contents: Iterable[int]) -> None:
        self._connection.executemany(f"{REPEAT_FLAG} WHERE content_id = ?", ((each,) for each in contents))

    def _index_words(self, contents: Iterable[int]) -> None:
        photo_ids = [row[0] for row in self._catalog._where("SELECT id FROM photo WHERE content_id", contents)]
        self._catalog._index_words(photo_ids, is_new=False)

    def _rows(self, sql: str, digests: Iterable[bytes]) -> Iterator[tuple[Any, ...]]:
        """Run `sql`, which ends in a column, for rows where that column is among the digests."""
        return self._catalog._where(sql, digests)


class _Said(NamedTuple):
    """What is said of a content, or what it gains."""

    rating: int | None = None
    flag: int | None = None
    title: str | None = None
    caption: str | None = None
    tags: tuple[str, ...] = ()
    collections: tuple[int, ...] = ()

    @property
    def inherited(self) -> "tuple[int | str | None, ...]":
        """What goes into the columns of `decision`, in the order of `_INHERITED`."""
        return self.rating, self.flag, self.title, self.caption


_INHERITED = ("rating", "flag", "title", "caption")


def key(name: str) -> str:
    """Return what two spellings of one tag, or of one name, have in common."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", name).casefold()).strip()


def _name(text: str) -> str:
    """Return a tag or the name of a collection as it is kept. UserError when it can be none."""
    name = unicodedata.normalize("NFC", text.strip())
    if not name:
        raise UserError("The name is empty.")
    if any(unicodedata.category(letter)[0] == "C" and letter not in _JOINERS for letter in name):
        raise UserError("The name has characters that cannot be shown.")
    name = " ".join(name.split())
    _check_length(name, NAME_LENGTH, "name")
    return name


def _check_length(text: str, length: int, what: str) -> None:
    if len(text) > length:
        raise UserError(f"The {what} has {len(text):,} characters; {length:,} are the most.")


def _cleaned(text: str) -> str:
    """Return text composed, without characters that cannot be shown; lines stay."""
    text = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n").replace("\t", " "))
    return "".join(
        letter for letter in text if letter == "\n" or letter in _JOINERS or unicodedata.category(letter)[0] != "C"
    )
