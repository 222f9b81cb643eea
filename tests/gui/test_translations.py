"""Every string of the window has a finished translation, and the compiled files are those of the sources."""

import ast
import shutil
import string
import subprocess
import sys
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from pathlib import Path

import PySide6
import pytest
from PySide6.QtCore import QCoreApplication, QLocale, QTranslator
from PySide6.QtWidgets import QApplication, QDialogButtonBox
from pytestqt.qtbot import QtBot

from photofind.gui import translation
from photofind.records import FailureKind
from photofind.settings import SETTINGS, resource_folder

ROOT = Path(__file__).resolve().parents[2]
FOLDER = resource_folder() / "translations"
Message = tuple[str, str, str]
"""Context, source, comment."""

LUPDATE = ["-silent", "-tr-function-alias", "QT_TRANSLATE_NOOP+=_N", "-locations", "none", "-no-obsolete"]
"""As CONTRIBUTING says: pyside6-lupdate with these, photofind/gui/*.py and -ts FILE; then pyside6-lrelease."""


def messages(file: Path) -> dict[Message, ET.Element]:
    found: dict[Message, ET.Element] = {}
    for context in ET.parse(file).getroot().iter("context"):
        for message in context.iter("message"):
            source = message.findtext("source") or ""
            found[context.findtext("name") or "", source, message.findtext("comment") or ""] = message
    return found


def fields(text: str) -> list[str]:
    return sorted(
        f"{name}" for _literal, name, _spec, _conversion in string.Formatter().parse(text) if name is not None
    )


def translations(message: ET.Element) -> list[str]:
    forms = message.findall("translation/numerusform")
    return [form.text or "" for form in forms] if forms else [message.findtext("translation") or ""]


@pytest.fixture(scope="module")
def from_sources(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A translation file as lupdate makes it from the sources of today."""
    tool = Path(PySide6.__file__).parent / ("lupdate.exe" if sys.platform == "win32" else "lupdate")
    if not tool.exists():
        found = shutil.which("pyside6-lupdate")
        if found is None:
            pytest.skip("needs lupdate, which PySide6-Essentials brings on most platforms")
        tool = Path(found)
    target = tmp_path_factory.mktemp("translations") / "fresh_zh_CN.ts"
    sources = sorted(str(path) for path in (ROOT / "photofind" / "gui").glob("*.py"))
    subprocess.run([str(tool), *LUPDATE, *sources, "-ts", str(target)], check=True, timeout=60)
    return target


def test_every_source_string_is_in_the_translation_and_no_other(from_sources: Path) -> None:
    wanted, there = messages(from_sources).keys(), messages(FOLDER / "photofind_zh_CN.ts").keys()
    assert sorted(wanted - there) == [], "run pyside6-lupdate and translate these"
    assert sorted(there - wanted) == [], "these are no longer in the sources"


def test_english_has_every_plural(from_sources: Path) -> None:
    plurals = {key for key, message in messages(from_sources).items() if message.get("numerus")}
    assert plurals == set(messages(FOLDER / "photofind_en.ts"))


@pytest.mark.parametrize("language", translation.LANGUAGES)
def test_every_translation_is_finished_and_keeps_its_places(language: str) -> None:
    for key, message in messages(FOLDER / f"photofind_{language}.ts").items():
        node = message.find("translation")
        assert node is not None, key
        assert node.get("type") is None, f"unfinished: {key}"
        for text in translations(message):
            assert text, f"empty: {key}"
            assert fields(text) == fields(key[1]), f"{key}: {text}"
            assert ("%n" in text) == ("%n" in key[1]), f"{key}: {text}"


def test_chinese_is_chinese() -> None:
    """A string left in English would be finished all the same; few have nothing to translate."""
    same = [key[1] for key, m in messages(FOLDER / "photofind_zh_CN.ts").items() if translations(m) == [key[1]]]
    assert set(same) <= {"ISO {n}", "{size} · {n} MP"}


@pytest.mark.parametrize("language", translation.LANGUAGES)
def test_the_compiled_file_is_that_of_the_source(qtbot: QtBot, language: str) -> None:
    translator = QTranslator()
    assert translator.load(str(FOLDER / f"photofind_{language}.qm"))
    count = {"en": (1, 5), "zh_CN": (5,)}[language]
    for (context, source, comment), message in messages(FOLDER / f"photofind_{language}.ts").items():
        expected = translations(message)
        if message.get("numerus"):
            got = [translator.translate(context, source, comment, n) for n in count]
        else:
            got = [translator.translate(context, source, comment)]
        assert got == expected, f"run pyside6-lrelease: {context}: {source}"


def test_every_setting_is_translated() -> None:
    there = {
        source for context, source, _comment in messages(FOLDER / "photofind_zh_CN.ts") if context == "Settings"
    }
    shown = [setting for setting in SETTINGS if setting.is_shown]
    for setting in shown:
        assert setting.label in there
        assert setting.sentence in there
        for choice in setting.choices:
            assert choice in translation.CHOICE_WORDS
    declared = {text for setting in shown for text in (setting.label, setting.sentence)}
    assert {str(source) for source in translation.SETTING_SOURCES} == declared


# What the core says


def _literal(node: ast.expr) -> str | None:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if isinstance(node, ast.JoinedStr):
        return "".join(str(v.value) if isinstance(v, ast.Constant) else "{}" for v in node.values)
    return None


def _sentences(file: Path, calls: frozenset[str]) -> Iterator[str]:
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and getattr(node.func, "id", getattr(node.func, "attr", "")) in calls:
            for argument in (*node.args, *(keyword.value for keyword in node.keywords)):
                text = _literal(argument)
                if text is not None and " " in text:
                    yield text


def test_every_reason_a_photo_can_fail_for_is_known_here() -> None:
    calls = frozenset({"PhotoError", "Failure", "Notice", "_Death"})
    known = {str(sentence) for sentence in translation.CORE_SENTENCES}
    said = [
        sentence
        for package in ("photo", "indexing")
        for file in sorted((ROOT / "photofind" / package).glob("*.py"))
        for sentence in _sentences(file, calls)
    ]
    assert len(said) > 10
    assert sorted(set(said) - known) == [], "add these to translation.CORE_SENTENCES"


@pytest.fixture
def chinese(qtbot: QtBot, qapp: QApplication) -> Iterator[None]:
    before, font = QLocale(), qapp.font()
    held = set(qapp.findChildren(QTranslator))
    assert translation.install(qapp, "zh_CN") == "zh_CN"
    yield
    for translator in set(qapp.findChildren(QTranslator)) - held:
        qapp.removeTranslator(translator)
        translator.deleteLater()
    QLocale.setDefault(before)
    qapp.setFont(font)


def test_sentences_of_the_core_are_translated_with_what_varies(chinese: None) -> None:
    assert translation.core_sentence("The file is empty.") == "文件是空的。"
    told = translation.core_sentence("The picture is too large (70000 x 50000 pixels).")
    assert told == "图片过大（70000 x 50000 像素）。"
    braces = "It cannot be read: {0} {weird}."
    assert translation.core_sentence(braces) == "无法读取：{0} {weird}。"


def test_a_sentence_nobody_knows_stays_as_it_is(chinese: None) -> None:
    assert translation.core_sentence("Something else {happened}.") == "Something else {happened}."


def test_every_kind_of_failure_has_words(chinese: None) -> None:
    shown = [kind for kind in FailureKind if kind is not FailureKind.NOT_A_PHOTO]
    titles = {translation.failure_title(kind) for kind in shown}
    sentences = {translation.failure_sentence(kind) for kind in shown}
    assert len(titles) == len(sentences) == len(shown)
    assert all(not text.isascii() for text in titles | sentences)


def test_qts_own_buttons_are_translated_too(qtbot: QtBot, chinese: None) -> None:
    box = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
    qtbot.addWidget(box)
    assert "关闭" in box.button(QDialogButtonBox.StandardButton.Close).text()


def test_dates_and_numbers_follow_the_language(chinese: None) -> None:
    from photofind.gui import wording

    assert wording.date_text(1_400_000_000_000).startswith("2014年5月13日星期二")


def test_english_counts(qtbot: QtBot, qapp: QApplication) -> None:
    translator = QTranslator()
    assert translator.load(str(FOLDER / "photofind_en.qm"))
    qapp.installTranslator(translator)
    try:
        texts = [QCoreApplication.translate("ClusterRow", "%n photo(s)", None, n) for n in (0, 1, 2)]
    finally:
        qapp.removeTranslator(translator)
    assert texts == ["0 photos", "1 photo", "2 photos"]


@pytest.mark.parametrize(
    ("wanted", "system", "language"),
    [
        ("en", ["zh-CN"], "en"),
        ("zh_CN", ["en-GB"], "zh_CN"),
        ("system", ["zh-Hans-CN", "en-US"], "zh_CN"),
        ("system", ["zh-Hant-TW"], "zh_CN"),
        ("system", ["de-DE", "fr-FR"], "en"),
        ("system", ["de-DE", "zh-CN", "en"], "zh_CN"),
        ("system", ["en-GB", "zh-CN"], "en"),
        ("system", [], "en"),
    ],
)
def test_the_language_of_the_system(wanted: str, system: list[str], language: str) -> None:
    assert translation.language_in_force(wanted, system) == language
