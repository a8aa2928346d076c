"""Units of measure and what they are in each other's terms, and numbers in other notations."""

from __future__ import annotations

from fractions import Fraction

from datalint import pattern

_F = Fraction
# Names of each unit, and how many of the first unit of its kind it is.
_UNITS: dict[str, dict[str, Fraction]] = {
    "length": {
        "m meter metre": _F(1),
        "km kilometer kilometre kms": _F(1000), "cm centimeter centimetre cms": _F(1, 100), "mm millimeter millimetre": _F(1, 1000),
        "inch in inche": _F(254, 10000), "foot feet ft": _F(3048, 10000), "yard yd": _F(9144, 10000), "mile mi": _F(1609344, 1000),
    },
    "mass": {
        "kg kilogram kilo kgs": _F(1), "g gram": _F(1, 1000), "mg milligram": _F(1, 10**6), "tonne metric-ton": _F(1000),
        "pound lb lbs": _F(45359237, 10**8), "ounce oz": _F(45359237, 16 * 10**8),
    },
    "time": {
        "second sec s": _F(1), "minute min mins": _F(60), "hour hr hrs h": _F(3600), "day": _F(86400), "week": _F(604800),
        "millisecond ms": _F(1, 1000),
    },
    "volume": {
        "liter litre l": _F(1), "milliliter millilitre ml": _F(1, 1000), "gallon": _F(3785411784, 10**9), "quart": _F(946352946, 10**9),
        "pint": _F(473176473, 10**9), "cup": _F(2365882365, 10**10), "fluid-ounce floz": _F(295735295625, 10**13),
        "tablespoon tbsp": _F(1478676478125, 10**14), "teaspoon tsp": _F(492892159375, 10**14),
    },
    "speed": {
        "m/s mps": _F(1), "km/h kph km/hr kmh kmph": _F(1000, 3600), "mph miles/hour": _F(44704, 10**5),
    },
    "area": {
        "square-meter square-metre m2 m²": _F(1), "square-foot square-feet ft2 ft²": _F(9290304, 10**8),
        "acre": _F(40468564224, 10**7), "hectare ha": _F(10**4),
    },
}  # fmt: skip
# Units that have several sizes: what else a conversion may have meant.
_OTHERS: dict[str, tuple[Fraction, ...]] = {
    "cup": (_F(1, 4), _F(24, 100)), "tablespoon": (_F(15, 1000),), "teaspoon": (_F(5, 1000),), "gallon": (_F(454609, 10**5),),
    "pint": (_F(56826125, 10**8),), "quart": (_F(11365225, 10**7),), "fluid-ounce": (_F(284130625, 10**10), _F(3, 100)),
}  # fmt: skip
MEASURES: dict[str, tuple[str, str, tuple[Fraction, ...]]] = {}
for _kind, _named in _UNITS.items():
    for _names, _size in _named.items():
        _first = _names.split()[0]
        for _name in _names.split():
            MEASURES[_name] = (_kind, _first, (_size, *_OTHERS.get(_first, ())))
            if len(_name) > 2 and _name.isalpha():
                MEASURES[_name + "s"] = MEASURES[_name]
_TEMPERATURES = {
    **dict.fromkeys(("c", "°c", "celsius", "centigrade", "℃"), "C"),
    **dict.fromkeys(("f", "°f", "fahrenheit", "℉"), "F"),
    **dict.fromkeys(("k", "kelvin", "kelvins"), "K"),
}
_ROMAN = (
    (1000, "M"),
    (900, "CM"),
    (500, "D"),
    (400, "CD"),
    (100, "C"),
    (90, "XC"),
    (50, "L"),
    (40, "XL"),
    (10, "X"),
    (9, "IX"),
    (5, "V"),
    (4, "IV"),
    (1, "I"),
)
_ROMAN_NUMBER = pattern(r"M{0,3}(?:CM|CD|D?C{0,3})(?:XC|XL|L?X{0,3})(?:IX|IV|V?I{0,3})")
BASES = {"binary": 2, "octal": 8, "decimal": 10, "hexadecimal": 16, "hex": 16, "roman": 0}
_DIGITS = "0123456789abcdef"


def converted(value: Fraction, source: str, target: str) -> tuple[Fraction, ...]:
    """``value`` of the unit ``source`` in the unit ``target``, in every usual meaning of the two; () if they do not fit."""
    one, other = _TEMPERATURES.get(source.lower()), _TEMPERATURES.get(target.lower())
    if one and other:
        return (_heat(value, one, other),) if one != other else ()
    left, right = MEASURES.get(source.lower()), MEASURES.get(target.lower())
    if left is None or right is None or left[0] != right[0] or left[1] == right[1]:
        return ()
    return tuple(value * a / b for a in left[2] for b in right[2])


def _heat(value: Fraction, one: str, other: str) -> Fraction:
    celsius = {"C": value, "F": (value - 32) * _F(5, 9), "K": value - _F(27315, 100)}[one]
    return {"C": celsius, "F": celsius * _F(9, 5) + 32, "K": celsius + _F(27315, 100)}[other]


def in_base(value: int, base: int) -> str:
    """A natural number in base 2 to 16, or in Roman numerals (base 0)."""
    if base == 0:
        text = ""
        for size, letters in _ROMAN:
            count, value = divmod(value, size)
            text += letters * count
        return text
    digits = ""
    while value:
        value, digit = divmod(value, base)
        digits = _DIGITS[digit] + digits
    return digits or "0"


def from_base(text: str, base: int) -> int | None:
    """The number that ``text`` writes in this base, None if it does not."""
    text = text.strip().lower().replace(" ", "").removeprefix("0x").removeprefix("0b")
    if base == 0:
        if not text or not _ROMAN_NUMBER.fullmatch(text.upper()):
            return None
        total = 0
        for size, letters in _ROMAN:
            while text.upper().startswith(letters):
                text, total = text[len(letters) :], total + size
        return total
    if not text or len(text) > 64 or any(c not in _DIGITS[:base] for c in text):
        return None
    return int(text, base)
