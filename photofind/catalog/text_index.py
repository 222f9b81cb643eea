"""Words: what of a photo can be found by text, and what a person's text means.

Owns the FTS5 table `photo_text`; called by `Catalog` on its connection. The text goes through one function on both
sides (`_words`), which spaces out what SQLite's unicode61 tokenizer would keep whole: file names written in camel
case or with digits ("IMG2034", "BeachHouse"), and scripts written without spaces (Chinese, Japanese, Thai), where
each character becomes a token and a word becomes a phrase. An ICU or trigram tokenizer lost: the first is not in
Python's SQLite, the second cannot find words of one or two characters, which are most Chinese words.

A person's text never reaches FTS5 as syntax: only letters and digits, in double quotes of our own, do.
"""

import re
import sqlite3
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

RANKED_MATCHES = 2_000
"""A word with more matches than this is ranked among the newest so many: bm25 over all of them would need 260 ms
at a million photos, and nobody looks past the first pages of so common a word."""

COLUMNS = ("name", "folders", "title", "caption", "keywords", "creator", "camera", "place")
_WEIGHTS = (6.0, 3.0, 8.0, 3.0, 6.0, 2.0, 1.0, 4.0)

BREAK = "\x1e"
"""Stands between the entries of a list, such as keywords."""
_GAP = " \ue000 "  # a token for unicode61, but nothing that `_words` ever finds in what is typed

_MAX_TEXT = 2_000
_MAX_WORDS = 32

# Scripts written without spaces: Thai, Lao, Myanmar, Khmer, Hangul, Kana, Han.
_UNSPACED = (
    "\u0e00-\u0eff\u1000-\u109f\u1100-\u11ff\u1780-\u17ff\u3005-\u3007\u3040-\u30ff\u31f0-\u31ff"
    "\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff\U0001b000-\U0001b16f\U00020000-\U0003ffff"
)
_UNSPACED_BORDER = re.compile(f"(?<=[{_UNSPACED}])(?=.)|(?<=.)(?=[{_UNSPACED}])", re.DOTALL)
_CASE_BORDER = re.compile(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])|(?<=\d)(?=[^\W\d_])|(?<=[^\W\d_])(?=\d)")
_DIACRITICS = re.compile("[\u0300-\u036f]")
_WORD = re.compile(r"[^\W_]+")
_QUOTES = str.maketrans(dict.fromkeys("“”„‟«»＂", '"'))
_PART = re.compile(r'(-?)(?:"([^"]*)(?:"|\Z)|(\S+))')


def _words(text: str) -> tuple[list[str], list[str]]:
    """Return the tokens of `text` twice: with names taken apart at case and digits, and with names whole."""
    # Decomposed, then stripped: otherwise the case border of "CaféHouse" would hide behind the accent.
    plain = _DIACRITICS.sub("", unicodedata.normalize("NFKD", text))
    # Hangul falls apart under NFKD; it comes back together here.
    plain = unicodedata.normalize("NFKC", plain)
    plain = _UNSPACED_BORDER.sub(" ", plain)
    apart = _CASE_BORDER.sub(" ", plain)
    taken_apart = _WORD.findall(apart.casefold())
    return taken_apart, _WORD.findall(plain.casefold()) if len(apart) > len(plain) else taken_apart


def document(text: str) -> str:
    """Return the form of `text` that is indexed; no phrase reaches across a `BREAK` in it."""
    forms: list[str] = []
    for part in text.split(BREAK):
        taken_apart, whole = _words(part)
        forms += [" ".join(taken_apart)] if taken_apart == whole else [" ".join(taken_apart), " ".join(whole)]
    return _GAP.join(forms)


@dataclass(frozen=True, slots=True)
class TextQuery:
    """A person's text understood; an empty string means "nothing of that sort was typed".

    Attributes:
        wanted, excluded: FTS5 expressions.
        plain: What is wanted as it was typed, without quotes and without what is excluded.
    """

    wanted: str
    excluded: str
    plain: str = ""

    @property
    def match(self) -> str:
        """Both as one FTS5 expression; empty where nothing is wanted."""
        return f"({self.wanted}) NOT ({self.excluded})" if self.wanted and self.excluded else self.wanted


def parse(text: str) -> TextQuery:
    """Understand what a person typed: words are prefixes, all must occur; "phrases"; -not.

    Any text is allowed; what has neither letter nor digit is passed over, and so is what follows 32 words.
    """
    wanted: list[str] = []
    excluded: list[str] = []
    plain: list[str] = []
    for match in _PART.finditer(text[:_MAX_TEXT].translate(_QUOTES)):
        minus, phrase, word = match.groups()
        typed = phrase if phrase is not None else word
        expression = _expression(typed, is_prefix=phrase is None)
        if expression and len(wanted) + len(excluded) < _MAX_WORDS:
            (excluded if minus else wanted).append(expression)
            plain += [] if minus else [typed]
    return TextQuery(" AND ".join(wanted), " OR ".join(excluded), " ".join(plain))


def _expression(text: str, *, is_prefix: bool) -> str:
    star = " *" if is_prefix else ""
    forms = dict.fromkeys(" ".join(tokens) for tokens in _words(text) if tokens)
    return "(" + " OR ".join(f'"{form}"{star}' for form in forms) + ")" if forms else ""


def write(connection: sqlite3.Connection, rows: Iterable[tuple[int, Sequence[str]]]) -> None:
    """Add photos that are not in the index.

    Args:
        connection: Inside a transaction.
        rows: Photo id and its texts, in the order of `COLUMNS`.
    """
    connection.executemany(
        f"INSERT INTO photo_text (rowid, {', '.join(COLUMNS)}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        ((photo_id, *map(document, texts)) for photo_id, texts in rows),
    )


def remove(connection: sqlite3.Connection, photo_ids: Iterable[int]) -> None:
    """Take photos out; ids that are not in the index are passed over."""
    connection.executemany("DELETE FROM photo_text WHERE rowid = ?", ((each,) for each in photo_ids))


def search(
    connection: sqlite3.Connection, text: str, condition: str, parameters: Sequence[object], limit: int
) -> list[tuple[int, float]]:
    """Find photos by words.

    Args:
        connection: Any connection of the catalog.
        text: As typed.
        condition: SQL over `photo` that must hold, with `parameters`; "1" lets everything through.
        parameters: What `condition` binds.
        limit: At most so many.

    Returns:
        Pairs of a photo id (never an alias) and a score, best first; larger is better.
    """
    query = parse(text)
    if not query.wanted and not query.excluded:
        return []
    shown = "coalesce(photo.alias_of, photo.id)"
    if not query.wanted:
        rows = connection.execute(
            f"SELECT {shown}, 0.0 FROM photo WHERE {condition} AND photo.id NOT IN "
            "(SELECT rowid FROM photo_text WHERE photo_text MATCH ?) ORDER BY photo.id DESC LIMIT ?",
            (*parameters, query.excluded, limit),
        )
    else:
        weights = ", ".join(map(str, _WEIGHTS))
        # CROSS JOIN fixes the order: matches from the newest on, each looked up; so LIMIT ends the work early.
        rows = connection.execute(
            f"SELECT {shown}, -bm25(photo_text, {weights}) FROM photo_text CROSS JOIN photo "
            f"ON photo.id = photo_text.rowid WHERE photo_text MATCH ? AND {condition} "
            "ORDER BY photo_text.rowid DESC LIMIT ?",
            (query.match, *parameters, max(limit, RANKED_MATCHES)),
        )
    best: dict[int, float] = {}
    for photo_id, score in rows:
        best[photo_id] = max(score, best.get(photo_id, score))
    return sorted(best.items(), key=lambda hit: (-hit[1], -hit[0]))[:limit]


def taken_out(connection: sqlite3.Connection, text: str, *, is_negative: bool) -> set[int]:
    """Return all photos (never an alias) that a -not of the text excludes; if it is negative, those it finds."""
    query = parse(text)
    match = query.match if is_negative else query.excluded
    if not match:
        return set()
    rows = connection.execute(
        "SELECT coalesce(alias_of, id) FROM photo WHERE id IN"
        " (SELECT rowid FROM photo_text WHERE photo_text MATCH ?)",
        (match,),
    )
    return {photo_id for (photo_id,) in rows}


def rebuild(connection: sqlite3.Connection, rows: Iterable[tuple[int, Sequence[str]]]) -> None:
    """Make the whole index anew, inside a transaction; a damaged one may stand there."""
    (definition,) = connection.execute("SELECT sql FROM sqlite_master WHERE name = 'photo_text'").fetchone()
    connection.execute("DROP TABLE photo_text")
    connection.execute(definition)
    write(connection, rows)


def problem(connection: sqlite3.Connection) -> str:
    """Return what is wrong with the index in a sentence, or an empty string."""
    try:
        connection.execute("INSERT INTO photo_text (photo_text, rank) VALUES ('integrity-check', 1)")
        differing = connection.execute(
            "SELECT (SELECT count(*) FROM photo WHERE id NOT IN (SELECT id FROM photo_text_content))"
            " + (SELECT count(*) FROM photo_text_content WHERE id NOT IN (SELECT id FROM photo))"
        ).fetchone()[0]
    except sqlite3.DatabaseError as error:
        if getattr(error, "sqlite_errorcode", 0) & 0xFF not in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_ERROR):
            raise
        return "The index of words is damaged."
    return f"The index of words disagrees with {differing} photos." if differing else ""
