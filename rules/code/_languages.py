"""Programming languages and data formats: how fences and prompts name them, and what their texts start with."""

from __future__ import annotations

import regex

from datalint import pattern

# The words that may follow an opening fence.
_FENCES = {
    "python": "python py python3 py3",
    "json": "json",
    "toml": "toml",
    "yaml": "yaml yml",
    "xml": "xml svg",
    "html": "html htm",
    "sql": "sql mysql postgresql postgres sqlite tsql plsql",
    "shell": "bash sh shell zsh",
    "javascript": "javascript js jsx node nodejs",
    "typescript": "typescript ts tsx",
    "java": "java",
    "c": "c",
    "cpp": "cpp c++ cxx",
    "csharp": "csharp c# cs",
    "go": "go golang",
    "rust": "rust rs",
    "ruby": "ruby rb",
    "php": "php",
}
OF_FENCE = {word: language for language, words in _FENCES.items() for word in words.split()}
SHOWN = {
    "python": "Python", "json": "JSON", "toml": "TOML", "yaml": "YAML", "xml": "XML", "html": "HTML", "sql": "SQL",
    "shell": "shell", "javascript": "JavaScript", "typescript": "TypeScript", "java": "Java", "c": "C", "cpp": "C++",
    "csharp": "C#", "go": "Go", "rust": "Rust", "ruby": "Ruby", "php": "PHP",
}  # fmt: skip

# What a prompt calls them. Short names need a word beside them; "" is a language that is known and not judged.
_MAKES = r"(?:program|programs|function|functions|code|script|class|method|snippet|struct|application|app)"
_IN = r"(?:in|using|with|into|to|write|create|a|an)"
_SAID = {
    "python": r"python(?:ic)?3?|flask|django|pandas|numpy|pytorch|tensorflow",
    "typescript": r"typescript",
    "javascript": r"java ?script|node(?:\.?js)?|react(?:\.?js)?|jquery|express(?:\.?js)|vanilla js|js|vue(?:\.?js)?|angular",
    "java": r"java(?! ?script)",
    "cpp": r"c\+\+|c/c\+\+",
    "csharp": r"c\#|c sharp|csharp|\.net",
    "c": rf"(?:(?<=\b{_IN} )c(?=[\s,.?]|$)(?! ?(?:major|minor|\d))|c(?= {_MAKES}\b)|c language)",
    "go": rf"(?:golang|(?<=\b(?:in|using|with|a) )go(?=[,.?]|$)|go(?= {_MAKES}\b))",
    "rust": rf"(?:(?<=\b(?:in|using|with|a) )rust|rust(?= {_MAKES}\b))",
    "ruby": r"ruby(?! on rails)",
    "php": r"php|laravel|wordpress",
    "sql": r"(?:my)?sql(?:ite)?|postgres(?:ql)?|t-sql|select (?:query|statement)",
    "html": r"html5?",
    "shell": r"bash|shell|zsh|unix command|linux command",
    "json": r"json",
    "xml": r"xml",
    "yaml": r"yaml",
    "toml": r"toml",
    "": r"css3?|swift|kotlin|scala|perl|haskell|matlab|julia|(?<=\bin )r(?=[\s,.?]|$)|r(?= (?:code|script|function|program)\b)"
    r"|powershell|lua|dart|flutter|objective-c|assembly|vba|excel|pseudo-?code|pascal|fortran|cobol|prolog|lisp|clojure"
    r"|elixir|erlang|f\#|visual basic|vb(?:\.net)?|groovy|latex|markdown|regex|regular expression|graphql|mongodb|solidity"
    r"|scheme|ocaml|nim|crystal|zig|verilog|vhdl|sass|scss|svelte|rails|terraform|dockerfile|makefile|graphviz|jinja"
    r"|handlebars|ejs|erb|blade|twig|delphi|ada|apl|svg|scratch|brainfuck|arduino|jsx|tsx|deno",
}  # fmt: skip
_NAMED = pattern(
    "|".join(rf"(?P<l{n}>(?<![\w.#+-])(?:{said})(?![\w#+]))" for n, said in enumerate(_SAID.values())), regex.I
)
_ORDER = tuple(_SAID)

# What a text of a language starts with, past comments and blank lines; a bare answer that does not is left alone.
_STARTS = {
    "python": r"(?:import|from|def|class|async def|for|while|with|try|if|print|@|\#"
    r"|[\"']{3}|[A-Za-z_][\w., ]* ?=(?!=)|[a-z_]\w*(?:\.\w+)*\()",
    "javascript": r"(?:import|export|const|let|var|function|class|async function|for|if|while|document\.|window\.|console\."
    r"|module\.|//|/\*|[\"']use strict|\$\(|[A-Za-z_$][\w.$]* ?=(?!=)|[A-Za-z_$][\w$]*(?:\.[\w$]+)+\()",
    "typescript": r"(?:import|export|const|let|var|function|class|async function|interface|type|enum|//|/\*|@|abstract class)",
    "java": r"(?:import|package|public|private|protected|class|interface|enum|static|final|//"
    r"|/\*|@|abstract|int|String|for|if|boolean|double"
    r"|(?:[A-Z]\w*(?:<[\w<>, ]+>)?|int\[\]) \w+ ?[=;(])",
    "c": r"(?:\#include|\#define|//|/\*|(?:static |unsigned |const )?(?:int|void|char|float|double|long|struct|typedef|bool)\b)",
    "cpp": r"(?:\#include|\#define|\#pragma|//|/\*|using|namespace|template|class|(?:static |unsigned |const |std::)?"
    r"(?:int|void|char|float|double|long|struct|typedef|bool|string|auto|vector)\b)",
    "csharp": r"(?:using|namespace|public|private|protected|internal|class|interface|static"
    r"|//|/\*|\[|var|int|string|bool|void|abstract|for)",
    "go": r"(?:package|import|func|type|var|const|//|/\*)",
    "rust": r"(?:use|fn|pub|struct|enum|impl|mod|let|trait|extern|\#!?\[|//|/\*|const|static)",
    "ruby": r"(?:require|def|class|module|puts|\#|[a-z_@]\w*(?:, \w+)* ?=(?!=)|[a-z_]\w*(?:\.\w+)+)",
    "php": r"(?:<\?php|<\?=|\$\w+|function|class|namespace|use|echo|//|/\*|abstract class|interface|trait)",
    "sql": r"(?i:SELECT|INSERT\s+INTO|UPDATE|DELETE\s+FROM|CREATE|ALTER|DROP|WITH|MERGE|TRUNCATE|--|/\*)\b",
    "html": r"(?i:<!doctype|<html|<head|<body|<div|<form|<table|<ul|<ol|<script|<style|<p|<h\d|<a\b|<img|<nav|<header|<!--)",
    "shell": r"(?:\#!|\#|if \[|for \w+ in|while |function |[A-Za-z_]\w*=|[\w-]+\(\) ?\{)",
    "json": r"[{\[]",
    "xml": r"<\?xml|<[a-zA-Z]",
    "yaml": r"[\w-]+:(?:\s|$)|---",
    "toml": r"\[[\w.\"-]+\]|[\w-]+ = ",
}  # fmt: skip
STARTS = {language: pattern(rf"\s*(?:{start})") for language, start in _STARTS.items()}

# A start that says by itself which language it is.
_UNMISTAKEN = (
    ("php", pattern(r"\s*<\?php\b")),
    ("html", pattern(r"(?i)\s*(?:<!doctype html|<html\b)")),
    ("xml", pattern(r"\s*<\?xml\b")),
    ("cpp", pattern(r"\s*#include <(?:iostream|vector|string|algorithm|map|fstream|cmath|bits/stdc\+\+\.h)>")),
    ("shell", pattern(r"\s*#!\s*/(?:usr/)?bin/(?:env )?(?:ba|z|da)?sh\b")),
    ("python", pattern(r"\s*#!\s*/usr/bin/(?:env )?python")),
    (
        "python",
        pattern(
            r"(?:\s*#[^\n]*\n)*\s*(?:@\w[^\n]*\n)?(?:async )?def \w+\((?:[^()\n]|\([^()\n]*\))*\)(?: -> [^\n:]+)?:\s*(?:#[^\n]*)?\n"
        ),
    ),
    ("python", pattern(r"(?:\s*#[^\n]*\n)*\s*from [\w.]+ import [\w*, ]+\n")),
    (
        "sql",
        pattern(
            r"\s*(?:SELECT\s[^;]{1,2000}?\sFROM\s|INSERT INTO\s|CREATE (?:TABLE|DATABASE|VIEW)\s|DELETE FROM\s|UPDATE [\w.`\"]+\s+SET\s)"
        ),
    ),
)
_DATA = frozenset(("json", "xml", "yaml", "toml", "html", "sql"))
_CLOSE = (frozenset({"javascript", "typescript"}), frozenset({"c", "cpp"}))


def of_fence(info: str) -> str | None:
    """The language that the words after an opening fence name, None if none that is known."""
    word = info.strip().lstrip("{.").rstrip("}").partition(" ")[0].partition(",")[0].partition(":")[0]
    return OF_FENCE.get(word.lower())


def of_start(code: str) -> str | None:
    """The language that the first line of a text tells without doubt."""
    return next((language for language, start in _UNMISTAKEN if start.match(code)), None)


def named(prompt: str) -> set[str]:
    """The languages a prompt names; "" among them if it names one that is not judged."""
    return {_ORDER[int(m.lastgroup[1:])] for m in _NAMED.finditer(prompt) if m.lastgroup}


def of_task(prompt: str, code: str) -> str | None:
    """The language of a text that answers ``prompt``; None unless the prompt names one, and the text starts as one does."""
    if (told := of_start(code)) is not None:
        return told
    like = {language for language, start in STARTS.items() if start.match(code)}
    languages = named(prompt) if like else set()
    if "" in languages or not languages:
        return None
    fit = languages & like
    programs = fit - _DATA or fit
    if len(programs) == 1 and (len(languages - _DATA) <= 1 or programs <= _DATA):
        return next(iter(programs))
    return next((min(programs) for close in _CLOSE if programs and languages <= close), None)
