"""Areas, perimeters and volumes of simple figures, from the sizes a text gives them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction

import regex
from datalint_rules.answer._order import number

from datalint import pattern

_PI = Fraction(3141592653589793, 10**15)
_N = r"\d+(?:\.\d+)?"
_SIZE = pattern(
    rf"(?i)\b(?P<name>lengths?|lenght|widths?|heights?|sides?(?: lengths?)?|edges?|radius|diameter"
    rf"|base)\b[\s:=]*(?:(?:of|is|measuring|equal to|measures|with|as)\s+)*"
    rf"(?:the\s+)?(?P<n>{_N})(?![\d.,]*\d|\s*[x×*/])"
)
_BEFORE = pattern(
    rf"(?i)(?<![\d.,x×*/-])(?P<n>{_N})\s?-?(?:[a-z]{{1,11}}[\s-])?(?P<name>radius|diameter|base|height"
    rf"|sides?|length|width|edges?)\b"
)
_NAMES = {"lenght": "length", "lengths": "length", "widths": "width", "heights": "height", "sides": "side", "edge": "side", "edges": "side",
          "side length": "side", "side lengths": "side", "sides length": "side"}  # fmt: skip
Sizes = Mapping[str, Fraction]
_Formula = Callable[[Sizes], Fraction]
_FIGURES: dict[tuple[str, str], tuple[tuple[str, ...], _Formula]] = {
    ("rectangle", "area"): (("length", "width"), lambda s: s["length"] * s["width"]),
    ("rectangle", "perimeter"): (("length", "width"), lambda s: 2 * (s["length"] + s["width"])),
    ("square", "area"): (("side",), lambda s: s["side"] ** 2),
    ("square", "perimeter"): (("side",), lambda s: 4 * s["side"]),
    ("circle", "area"): (("radius",), lambda s: _PI * s["radius"] ** 2),
    ("circle", "circumference"): (("radius",), lambda s: 2 * _PI * s["radius"]),
    ("circle", "perimeter"): (("radius",), lambda s: 2 * _PI * s["radius"]),
    ("triangle", "area"): (("base", "height"), lambda s: s["base"] * s["height"] / 2),
    ("parallelogram", "area"): (("base", "height"), lambda s: s["base"] * s["height"]),
    ("cube", "volume"): (("side",), lambda s: s["side"] ** 3),
    ("cube", "surface area"): (("side",), lambda s: 6 * s["side"] ** 2),
    ("sphere", "volume"): (("radius",), lambda s: _PI * s["radius"] ** 3 * 4 / 3),
    ("sphere", "surface area"): (("radius",), lambda s: 4 * _PI * s["radius"] ** 2),
    ("cylinder", "volume"): (("radius", "height"), lambda s: _PI * s["radius"] ** 2 * s["height"]),
    ("cone", "volume"): (("radius", "height"), lambda s: _PI * s["radius"] ** 2 * s["height"] / 3),
    ("rectangular prism", "volume"): (("length", "width", "height"), lambda s: s["length"] * s["width"] * s["height"]),
    ("rectangular prism", "surface area"): (
        ("length", "width", "height"),
        lambda s: 2 * (s["length"] * s["width"] + s["length"] * s["height"] + s["width"] * s["height"]),
    ),
}
_SHAPE = pattern(
    r"(?i)\b(rectangular prism|cuboid|rectangle|square|circle|triangle|parallelogram|cube|sphere|cylinder|cone)\b"
)
_WANTED = pattern(r"(?i)\b((?:total )?surface area|lateral|area|perimeter|circumference|volume|diagonal|diameter of)\b")
_OTHER = pattern(
    r"(?i)\b(?:isosceles|inscribed|percent|cost|per|difference|ratio|sum|sector|semi|half|hollow|quarter"
    r"|increase\w*|double\w*|larger|smaller|hours?|inside|surrounding|shaded|ceiling|code|function"
    r"|program)\b"
)


def figure(text: str) -> tuple[str, tuple[Fraction, ...]] | None:
    """What is asked of a figure and its value; None where not every number in ``text`` is one of its sizes."""
    shapes, wanted = {s.lower() for s in _SHAPE.findall(text)}, {w.lower() for w in _WANTED.findall(text)}
    if "cuboid" in shapes:
        shapes = (shapes - {"cuboid"}) | {"rectangular prism"}
    if wanted == {"total surface area"}:
        wanted = {"surface area"}
    shapes -= {"square"} if len(shapes) > 1 else set()
    if len(shapes) != 1 or len(wanted) != 1 or _OTHER.search(text):
        return None
    shape, what = shapes.pop(), wanted.pop()
    rule = _FIGURES.get((shape, what))
    sizes = _sizes(text)
    if rule is None or sizes is None:
        return None
    if "radius" in rule[0] and "diameter" in sizes and "radius" not in sizes:
        sizes["radius"] = sizes.pop("diameter") / 2
    if shape == "rectangle" and set(sizes) in ({"width", "height"}, {"length", "height"}):
        sizes = dict(zip(("length", "width"), sizes.values(), strict=True))
    if shape in ("square", "cube") and set(sizes) in ({"length"}, {"width"}):
        sizes = {"side": next(iter(sizes.values()))}
    return (f"the {what} of the {shape}", (rule[1](sizes),)) if set(sizes) == set(rule[0]) else None


def _sizes(text: str) -> dict[str, Fraction] | None:
    """The sizes that ``text`` names; None if it has other numbers, units of several sizes or a size twice."""
    sizes: dict[str, Fraction] = {}
    rest = text
    for named in (_SIZE, _BEFORE):
        for match in named.finditer(rest):
            name = _NAMES.get(match["name"].lower(), match["name"].lower())
            if sizes.setdefault(name, number(match["n"])) != number(match["n"]):
                return None
        rest = named.sub(" ", rest)
    units = set(
        regex.findall(
            rf"(?i){_N}\s?-?(mm|cm|m|km|in|ft|inch|inches|foot|feet|centimet\w+|met(?:er|re)s?|yards?|miles?)\b", text
        )
    )
    singular = {u.lower().rstrip("s") for u in units}
    return sizes if not regex.search(r"\d", regex.sub(r"(?i)[cm]m\^?[23]\b", "", rest)) and len(singular) <= 1 else None
