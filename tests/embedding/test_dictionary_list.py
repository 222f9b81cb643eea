"""The list of Chinese words with their English: well formed, wide enough, and right where it was looked at."""

import csv
import re

import pytest

from photofind.embedding.vocabulary import HAN, LABELS_NAME, TRADITIONAL_NAME, TRANSLATIONS_NAME, to_english
from photofind.settings import resource_folder

WITHOUT_ENGLISH = """
    的 了 着 过 地 得 之 吗 呢 吧 啊 呀 嘛 哦 啦 们 个 是 有 我 我的 把 让 所 而 而且 但 但是 因为 所以 如果 虽然
    的话 正在 已经 曾经 就 才 会 能 可以 要 想要 想看 起来 下来 出来 出去 进来 进去 过来 一下 一种 某种 这种
    那种 看看 请 给我 帮我 帮忙 麻烦 找 找到 找出 找一下 找找 查找 寻找 搜 搜索
"""
"""Particles and the like, tense and direction of a verb, and what one says to be given a photo."""


def rows(name: str) -> list[list[str]]:
    with (resource_folder() / "words" / name).open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file, strict=True))


@pytest.fixture(scope="module")
def words() -> dict[str, str]:
    return dict(rows(TRANSLATIONS_NAME)[1:])


def test_every_row_is_a_word_and_its_english() -> None:
    header, *found = rows(TRANSLATIONS_NAME)
    assert header == ["zh", "en"]
    assert [row for row in found if len(row) != 2] == []


def test_no_word_stands_twice_and_the_order_is_kept() -> None:
    chinese = [row[0] for row in rows(TRANSLATIONS_NAME)[1:]]
    assert len(set(chinese)) == len(chinese)
    assert chinese == sorted(chinese)


def test_no_blank_strays() -> None:
    fields = [field for row in rows(TRANSLATIONS_NAME) for field in row]
    assert [field for field in fields if field != " ".join(field.split())] == []


def test_chinese_is_chinese_and_english_is_plain(words: dict[str, str]) -> None:
    assert [
        chinese for chinese in words if re.fullmatch(f"[{HAN}A-Za-z0-9]*[{HAN}][{HAN}A-Za-z0-9]*", chinese) is None
    ] == []
    mixed = [chinese.casefold() for chinese in words if re.search("[A-Za-z0-9]", chinese)]
    assert len(set(mixed)) == len(mixed) > 90
    assert [english for english in words.values() if re.fullmatch(r"[A-Za-z0-9 ,.'&-]*", english) is None] == []


def test_traditional_characters_lead_to_the_list_and_are_not_of_it(words: dict[str, str]) -> None:
    header, *found = rows(TRADITIONAL_NAME)
    assert header == ["traditional", "simplified"]
    assert all(len(row) == 2 and len(row[0]) == len(row[1]) == 1 for row in found)
    assert len({row[0] for row in found}) == len(found) > 1_000
    used = set("".join(words))
    assert [row for row in found if row[0] in used or row[1] not in used] == []


def test_only_words_that_show_nothing_are_without_english(words: dict[str, str]) -> None:
    assert {chinese for chinese, english in words.items() if not english} == set(WITHOUT_ENGLISH.split())


def test_everyday_language_is_covered(words: dict[str, str]) -> None:
    labels = {row[1] for row in rows(LABELS_NAME)[1:]}
    assert len(words) >= 3_500
    assert len(words.keys() - labels) >= 3_000


def test_every_label_is_in_the_list(words: dict[str, str]) -> None:
    header, *found = rows(LABELS_NAME)
    assert header == ["en", "zh", "group"]
    assert {chinese: english for english, chinese, _ in found if words.get(chinese) != english} == {}


@pytest.mark.parametrize(
    ("chinese", "english"),
    [
        ("单车", "bicycle"),
        ("脚踏车", "bicycle"),
        ("狗狗", "dog"),
        ("橘猫", "orange cat"),
        ("喝咖啡", "drinking coffee"),
        ("深蓝", "dark blue"),
        ("老旧", "old"),
        ("一群", "a group of"),
        ("海边", "seaside"),
        ("在草地上", "on the grass"),
        ("晚上", "at night"),
        ("冬天", "winter"),
        ("爸爸", "father"),
        ("水饺", "dumplings"),
        ("火锅", "hot pot"),
        ("过年", "Chinese New Year"),
        ("埃菲尔铁塔", "Eiffel Tower"),
        ("天安门", "Tiananmen"),
        ("云南", "Yunnan"),
        ("截屏", "screenshot"),
        ("发票", "invoice"),
        ("微笑", "smiling"),
        ("黑白", "black and white"),
        ("没有", "without"),
        ("和", "and"),
        ("T恤", "T-shirt"),
        ("3D打印", "3D printing"),
    ],
)
def test_spot_checks(words: dict[str, str], chinese: str, english: str) -> None:
    assert words[chinese].lower() == english.lower()


@pytest.mark.parametrize(
    "query",
    [
        "帮我找一张爸爸和孩子在沙滩上玩的照片",
        "两只橘猫睡在沙发上",
        "去年冬天在北京拍的长城",
        "桌上有一杯咖啡和一本书",
        "戴眼镜的男人在看书",
        "停在路边的红色摩托车",
        "三个小朋友在公园里荡秋千",
        "没有人的街道",
        "微信聊天截图",
        "樱花树下穿汉服的女孩",
        "穿白色T恤的女孩在唱卡拉OK",
        "桌上的Ｕ盘和sd卡",
        "x光片",
        "戴著眼鏡的男人在看書",
        "臺灣的海灘",
        "聖誕樹旁邊的貓和狗",
    ],
)
def test_what_people_ask_for_is_known_to_the_last_character(query: str) -> None:
    assert to_english(query).unknown == ()
