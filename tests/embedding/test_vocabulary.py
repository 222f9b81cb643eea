"""Chinese to English by a list of words: how sentences are cut, what stays, what vanishes, what is unknown."""

import subprocess
import sys
import time
from itertools import product
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from photofind.embedding import vocabulary
from photofind.embedding.vocabulary import PARTICLES, TEXT_LIMIT_CHARS, Translation, to_english
from photofind.errors import ModelError

WORDS = {
    "红色": "red", "车": "car", "海": "sea", "海边": "seaside", "日落": "sunset", "狗": "dog",
    "猫": "cat", "研究": "study", "研究生": "graduate student", "生命": "life", "牛": "cattle", "头": "head",
    "长发": "long hair", "草": "grass", "草地": "lawn", "地上": "on the floor", "上": "on", "人": "person",
    "年": "year", "在": "in", "一": "one", "T恤": "T-shirt", "卡拉OK": "karaoke", "X光": "X-ray",
    "X光片": "X-ray film", "打印": "print", "3D打印": "3D printing",
}  # fmt: skip


@pytest.mark.parametrize(
    ("text", "english"),
    [
        ("红色的车", "red car"),
        ("海边日落", "seaside sunset"),
        ("研究生命", "study life"),  # greedy longest match would tear it
        ("草地上", "lawn on"),
        ("狗在草地上吗", "dog in lawn on"),
        ("两头牛", "two cattle"),
        ("头", "head"),
        ("一头长发", "a long hair"),
        ("一个人", "a person"),
        ("3头牛", "3 cattle"),
        ("12 只狗", "12 dog"),
        ("这只狗和", "dog"),
        ("2019年海边", "2019 year seaside"),
        ("红色car和dog", "red car dog"),
        ("ＩＭＧ１２狗", "IMG12 dog"),
        ("海边，日落！", "seaside,sunset!"),
        ("狗、猫。", "dog,cat."),
        ("狗 -猫", "dog -cat"),
        ("“红色的车”", '"red car"'),
        ("《狗》（猫）", '"dog"(cat)'),
        ("的", ""),
        ("狗  \t\n 猫", "dog cat"),
        ("😀狗", "😀dog"),
        ("红色的T恤", "red T-shirt"),
        ("红色t恤", "red T-shirt"),
        ("Ｔ恤和狗", "T-shirt dog"),
        ("人卡拉OK狗", "person karaoke dog"),
        ("卡拉ok", "karaoke"),
        ("x光片", "X-ray film"),
        ("狗X光", "dog X-ray"),
        ("3D打印狗", "3D printing dog"),
        ("23D打印", "23D print"),
        ("卡拉OKAY", "OKAY"),
        ("紅色的車", "red car"),
        ("海邊，頭", "seaside,head"),
        ("狗看著貓", "dog cat"),
    ],
)
def test_a_text_becomes_english(text: str, english: str) -> None:
    assert to_english(text, WORDS).text == english


@pytest.mark.parametrize(
    ("text", "english", "unknown"),
    [
        ("麒麟的狗", "dog", ("麒麟",)),
        ("麒麟狗麒麟猫龙", "dog cat", ("麒麟", "龙")),
        ("麒", "", ("麒",)),
        ("“麒麟”海", "sea", ("麒麟",)),
        ("狗 -麒麟", "dog", ("麒麟",)),
        ("(麒麟)[龙]'鸟'", "", ("麒麟", "龙", "鸟")),
        ("红色car龙2", "red car 2", ("龙",)),
        ("𠀀狗", "dog", ("𠀀",)),
    ],
)
def test_what_is_in_no_list_is_told_and_left_out(text: str, english: str, unknown: tuple[str, ...]) -> None:
    assert to_english(text, WORDS) == Translation(english, unknown)


@pytest.mark.parametrize(
    "text", ["", "a dog", "Ünïcode ，！ ＡＢＣ", '"red  car" -dog', "さくら", "가을", "x" * 10_000]
)
def test_text_without_chinese_comes_back_unchanged(text: str) -> None:
    assert to_english(text) == Translation(text)


def test_a_word_of_the_list_goes_before_a_particle() -> None:
    assert "了" in PARTICLES
    assert to_english("了", {"了": "finished"}).text == "finished"
    assert to_english("着地", {"着地": "landing"}).text == "landing"


@given(st.text(st.sampled_from('红色的车海边日落狗研究生命草地上头一两 麒麟-"a1，'), max_size=30))
def test_nothing_is_lost_and_nothing_chinese_is_left(text: str) -> None:
    found = to_english(text, WORDS)
    assert not set(found.text) & set("红色的车海边日落狗研究生命草地上头一两麒麟")
    assert len(set(found.unknown)) == len(found.unknown)
    assert all(word in text for word in found.unknown)
    left = set("".join(found.unknown))
    assert left & set("麒麟") == set(text) & set("麒麟")
    assert not left & {word for word in (*WORDS, *PARTICLES) if len(word) == 1}


def costs(run: str, words: set[str]) -> tuple[int, int]:
    """Return the fewest uncovered characters and then words of all ways to cut a run, by trying each."""
    best = (len(run), len(run))
    for breaks in product([False, True], repeat=len(run) - 1):
        ends = [place + 1 for place, is_break in enumerate(breaks) if is_break] + [len(run)]
        cut = [run[start:end] for start, end in zip([0, *ends], ends, strict=False)]
        if all(word in words or len(word) == 1 for word in cut):
            best = min(best, (sum(word not in words for word in cut), len(cut)))
    return best


@given(
    st.text(st.sampled_from("甲乙丙"), min_size=1, max_size=9),
    st.sets(st.text(st.sampled_from("甲乙丙"), min_size=1, max_size=4), min_size=1, max_size=8),
)
def test_no_other_way_to_cut_covers_more_or_has_fewer_words(run: str, words: set[str]) -> None:
    found = to_english(run, dict.fromkeys(words, "w"))
    fewest, count = costs(run, words)
    assert (found.unknown == ()) == (fewest == 0)
    assert len(found.text.split()) == count - fewest


def test_a_pasted_megabyte_is_read_at_its_beginning_only() -> None:
    text = "红色的车麒麟" * 200_000
    start = time.process_time()
    found = to_english(text, WORDS)
    assert time.process_time() - start < 2  # some 0.02 s
    assert found == to_english(text[:TEXT_LIMIT_CHARS], WORDS)
    assert found.unknown == ("麒麟",)


# --- the bundled lists


def test_the_bundled_lists_are_read_quickly_and_only_when_asked() -> None:
    code = (
        "import time; from photofind.embedding import vocabulary as v; "
        "assert not v.labels.cache_info().currsize; start = time.process_time(); v.to_english('一只红色的鸟'); "
        "print(time.process_time() - start)"
    )
    spent = [
        float(subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, timeout=60).stdout)
        for _ in range(3)
    ]
    assert min(spent) < 0.1  # some 0.012 s on a quiet machine


def test_every_label_is_understood_in_chinese() -> None:
    labels = vocabulary.labels()
    assert len(labels) >= 1500
    unknown = [label for label in labels if to_english(label.chinese).unknown]
    assert unknown == []


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("红色的车", "red car"),
        ("海边的日落", "seaside sunset"),
        ("一只猫睡在沙发上", "cat sleeping sofa"),
        ("两个孩子在草地上踢足球", "two child grass soccer"),
        ("生日蛋糕", "birthday cake"),
        ("夜晚的城市", "night city"),
        ("雪山下的湖", "snowy mountain lake"),
    ],
)
def test_everyday_queries_are_understood(text: str, words: str) -> None:
    found = to_english(text)
    assert found.unknown == ()
    assert [word for word in words.split() if word not in found.text] == []


# --- lists that are no lists


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "is not a list of en, zh, group"),
        (b"en,zh\ndog,x\n", "is not a list of en, zh, group"),
        (b"en,zh,group\ndog\n", "is not a list of en, zh, group"),
        (b"en,zh,group\n\xff\xfe,x,y\n", "is not a list of en, zh, group"),
        (b"en,zh,group\ndog,a,animal\ndog,b,animal\n", "a name twice"),
        (b"en,zh,group\n,a,animal\n", "without one"),
        (None, "cannot be read"),
    ],
)
def test_a_damaged_list_is_a_sentence(tmp_path: Path, content: bytes | None, sentence: str) -> None:
    path = tmp_path / "labels.csv"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(ModelError, match=sentence):
        vocabulary.read_labels(path)


def test_a_list_may_come_from_any_editor(tmp_path: Path) -> None:
    path = tmp_path / "words.csv"
    path.write_bytes("\ufeffzh,note,en\r\n狗,x, dog \r\n\r\n狗,x,hound\r\n的,,\r\n".encode())
    assert vocabulary.read_words(path) == {"狗": "dog", "的": ""}
