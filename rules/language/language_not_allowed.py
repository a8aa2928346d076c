"""LNG102: a text in a language that the data set is not meant to hold."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from datalint_rules.language import _texts

from datalint import Batch, Finding, Judged, Option, bad, good, language, rule

_ROLES = ("system", "user", "assistant", "text")
_SURE = 0.6
_ENGLISH = {"languages": ["en"]}


@rule(
    "LNG102",
    "language-not-allowed",
    category="suspicious",
    options={
        "languages": Option(
            "list[str]",
            [],
            "Codes of the languages the data may be in, such as en or pt-BR (its region is ignored). Empty: any.",
        )
    },
    known_problems="""
        Of languages that a machine cannot keep apart, such as Danish and Norwegian, one allows the others. A text partly in an
        allowed language is allowed.
    """,
    references=(
        "https://iso639-3.sil.org/code_tables/639/data",
        "https://fasttext.cc/docs/en/language-identification.html",
    ),
    examples=(
        bad(
            {
                "instruction": "Write a sentence about snow in German.",
                "input": "",
                "output": "Im Winter liegt der Schnee auf allen Dächern und es ist sehr still.",
            },
            options=_ENGLISH,
            name="a German answer",
        ),
        bad(
            {"messages": [{"role": "user", "content": "什么是最大的行星，它离太阳有多远？"}]},
            options=_ENGLISH,
            name="a Chinese prompt",
        ),
        bad(
            {
                "instruction": "Explique pourquoi le ciel est bleu pendant la journée.",
                "input": "",
                "output": "The air scatters the blue light of the sun more than the red.",
            },
            options={"languages": ["fr-FR", "de"]},
            name="an English answer where French and German are allowed",
        ),
        good(
            {
                "instruction": "Nenne einen Grund, warum der Himmel am Tag blau ist.",
                "input": "",
                "output": "Weil die Luft das blaue Licht stärker streut als das rote.",
            },
            name="without the option any language is fine",
        ),
        good(
            {
                "instruction": "Nenne einen Grund, warum der Himmel am Tag blau ist.",
                "input": "",
                "output": "Weil die Luft das blaue Licht stärker streut als das rote.",
            },
            options={"languages": ["en", "de"]},
            name="an allowed language",
        ),
        good(
            {
                "instruction": "Explain the saying.",
                "input": "",
                "output": "The saying goes: Morgenstund hat Gold im Mund und Blei im Hintern. It praises those who rise early.",
            },
            options=_ENGLISH,
            name="an English text with words of another language",
        ),
        good(
            {"instruction": "Say thanks in French.", "input": "", "output": "Merci beaucoup !"},
            options=_ENGLISH,
            name="too short to tell",
        ),
    ),
    judged=Judged(
        119,
        117,
        "English sets with en, Chinese ones with zh, French with fr, Russian with ru; wrong: a list of Italian dishes, lorem ipsum",
    ),
)
def check_language_not_allowed(batch: Batch, languages: Sequence[str]) -> Iterator[Finding]:
    """A text is in a language that the data set is not meant to hold.

    A model for one market is trained on the languages of that market; a stray record in another teaches it to switch.
    The rule is silent until `languages` names what is allowed.
    """
    allowed = sorted({code.lower().replace("_", "-").partition("-")[0] for code in languages})
    if not allowed:
        return
    known = ", ".join(map(language.name_of, allowed))
    for i in (
        language.not_plainly_english(batch, _ROLES)
        if "en" in allowed
        else language.of_roles(batch, _ROLES).nonzero()[0].tolist()
    ):
        found = _foreign(batch.texts[i], allowed)
        if found is not None and found.language is not None:
            said = f"the text is in {language.name_of(found.language)}; allowed: {known}"
            yield batch.message(i).finding(None, said, score=round(found.confidence, 2))


def _foreign(text: str, allowed: Sequence[str]) -> language.Verdict | None:
    """What language a text is in, if it is for certain in none of those allowed."""
    found = language.identify(text)
    code = found.language
    if code is None or found.confidence < _SURE or any(language.same(code, a) for a in allowed):
        return None
    if not all(_texts.is_prose(text, found, a) for a in allowed) or any(language.speaks(text, a) for a in allowed):
        return None
    return found if all(language.confirmed(text, found, a) for a in allowed) else None
