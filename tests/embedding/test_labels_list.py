"""The bundled list of everyday names: its shape, and a few names people would miss."""

from __future__ import annotations

import csv
import re
from pathlib import Path

import pytest

LIST = Path(__file__).parents[2] / "resources" / "words" / "labels.csv"
GROUPS = {
    *("activity", "animal", "art", "building", "clothing", "document", "electronics", "event", "food", "furniture"),
    *("material", "music", "nature", "person", "photo", "plant", "room", "scene", "sport", "thing", "tool", "toy"),
    *("vehicle", "weather"),
}
# CJK Unified Ideographs, the only block that everyday simplified Chinese needs.
HAN = "\u4e00-\u9fff"
ENGLISH = re.compile(r"[a-z0-9]+(?:[ '-]+[a-z0-9]+)*")
# Han alone (短袖, not T恤): a query is cut into words within its runs of Han, so only such a name can be typed.
CHINESE = re.compile(rf"[{HAN}]+")


@pytest.fixture(scope="module")
def rows() -> list[list[str]]:
    with LIST.open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file))


def test_header_and_columns(rows: list[list[str]]) -> None:
    assert rows[0] == ["en", "zh", "group"]
    assert [row for row in rows if len(row) != 3] == []


def test_it_is_long_enough_to_name_what_people_photograph(rows: list[list[str]]) -> None:
    assert len(rows) - 1 >= 1450


@pytest.mark.parametrize("column", [0, 1], ids=["english", "chinese"])
def test_no_name_stands_twice(rows: list[list[str]], column: int) -> None:
    names = [row[column] for row in rows[1:]]
    assert sorted(name for name in set(names) if names.count(name) > 1) == []


def test_english_is_lower_case_without_stray_blanks_or_han(rows: list[list[str]]) -> None:
    assert [row for row in rows[1:] if not ENGLISH.fullmatch(row[0]) or "  " in row[0]] == []


def test_chinese_is_han_without_blanks(rows: list[list[str]]) -> None:
    assert [row for row in rows[1:] if not CHINESE.fullmatch(row[1])] == []


def test_each_group_is_known_and_used(rows: list[list[str]]) -> None:
    assert {row[2] for row in rows[1:]} == GROUPS


def test_order_is_by_group_then_english(rows: list[list[str]]) -> None:
    # A fixed order keeps label vectors, stored by row, and the list's history readable.
    assert rows[1:] == sorted(rows[1:], key=lambda row: (row[2], row[0]))


def test_file_is_plain_utf8_with_unix_line_ends() -> None:
    data = LIST.read_bytes()
    assert not data.startswith(b"\xef\xbb\xbf")
    assert b"\r" not in data
    assert data.endswith(b"\n")


@pytest.mark.parametrize(
    ("english", "chinese", "group"),
    [
        ("dog", "狗", "animal"),
        ("crane bird", "鹤", "animal"),
        ("construction crane", "起重机", "vehicle"),
        ("sunflower", "向日葵", "plant"),
        ("dumpling", "饺子", "food"),
        ("t-shirt", "短袖", "clothing"),
        ("sofa", "沙发", "furniture"),
        ("kitchen", "厨房", "room"),
        ("forest path", "林间小路", "scene"),
        ("street at night", "夜晚的街道", "scene"),
        ("bride", "新娘", "person"),
        ("birthday party", "生日聚会", "event"),
        ("receipt", "小票", "document"),
        ("qr code", "二维码", "document"),
        ("baseball bat", "棒球棒", "sport"),
        ("brick wall", "砖墙", "material"),
        ("black and white photo", "黑白照片", "photo"),
        ("rainbow", "彩虹", "weather"),
    ],
)
def test_everyday_names_are_there(rows: list[list[str]], english: str, chinese: str, group: str) -> None:
    assert [english, chinese, group] in rows


@pytest.mark.parametrize("synonym", ["couch", "cellphone", "bike", "automobile", "kitty", "running"])
def test_one_name_a_meaning(rows: list[list[str]], synonym: str) -> None:
    assert synonym not in {row[0] for row in rows}
