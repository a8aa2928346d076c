"""What runs of characters cost in tokens, fitted to the o200k vocabulary on public instruction sets and on sentences in 75
languages (``benchmarks/tokens.py`` measures how well it fits)."""

from __future__ import annotations

KINDS = (
    "between", "newline", "space", "digit", "lower", "upper", "mark", "other", "greek", "cyrillic", "armenian", "hebrew",
    "arabic", "devanagari", "bengali", "gurmukhi", "gujarati", "tamil", "telugu", "kannada", "malayalam", "thai",
    "georgian", "kana", "han", "hangul", "emoji", "rare",
    # told by their neighbour
    "capital", "after-capital", "glued", "space-before-digit", "newline-after-mark",
    # small letters in texts that are Latin and not English: in a language the vocabulary knows well, or another
    "western", "foreign",
)  # fmt: skip
LONGEST = 64  # bytes of a run up to which costs are tabled
FIRST = (1, 2, 3, 4, 6, 8, 12, 16)  # sizes in bytes at which costs are known; straight lines between them
COSTS: dict[str, tuple[float, ...]] = {
    "newline": (1.31, 0.76, 2.20, 2.35, 2.24, 2.11, 1.94, 1.90, 0.000),
    "space": (0.32, 1.43, 1.47, 0.99, 1.47, 1.01, 1.32, 1.15, 0.042),
    "digit": (0.97, 0.97, 0.94, 2.30, 1.72, 2.44, 4.14, 5.48, 0.335),
    "lower": (0.63, 0.70, 0.64, 0.74, 0.67, 0.72, 0.87, 2.32, 0.950),
    "upper": (0.47, 0.52, 0.54, 0.92, 0.79, 1.32, 6.58, 9.22, 0.396),
    "mark": (0.91, 1.20, 1.17, 1.78, 1.98, 1.77, 2.62, 3.61, 0.013),
    "other": (3.36, 2.43, 1.40, 1.69, 1.47, 1.24, 3.08, 5.43, 0.582),
    "greek": (0.91, 1.55, 2.19, 2.24, 0.99, 0.72, 1.98, 3.13, 0.042),
    "cyrillic": (0.00, 0.00, 0.18, 0.25, 0.00, 1.48, 2.49, 1.65, 0.256),
    "armenian": (0.00, 0.00, 1.37, 2.00, 0.03, 1.35, 2.22, 2.57, 0.054),
    "hebrew": (0.10, 0.42, 0.78, 0.86, 0.41, 1.93, 2.10, 3.28, 0.854),
    "arabic": (0.00, 0.17, 0.99, 1.55, 1.41, 0.54, 1.83, 1.44, 0.017),
    "devanagari": (2.37, 2.19, 1.96, 1.56, 0.80, 0.21, 1.12, 1.39, 0.214),
    "bengali": (3.07, 2.45, 1.73, 0.79, 0.00, 0.90, 1.73, 1.61, 0.091),
    "gurmukhi": (0.22, 0.09, 0.00, 0.00, 0.36, 1.60, 3.18, 2.28, 0.083),
    "gujarati": (0.00, 0.04, 0.30, 1.04, 1.47, 0.04, 0.94, 2.75, 0.099),
    "tamil": (3.25, 3.89, 4.43, 4.67, 4.45, 3.45, 0.90, 1.30, 0.134),
    "telugu": (2.27, 1.75, 1.19, 0.49, 0.07, 1.13, 1.96, 2.00, 0.140),
    "kannada": (0.90, 1.10, 1.30, 1.50, 1.90, 2.30, 3.10, 3.90, 0.200),
    "malayalam": (0.90, 1.10, 1.30, 1.50, 1.90, 2.30, 3.10, 3.90, 0.200),
    "thai": (0.00, 0.00, 0.77, 3.53, 5.98, 2.28, 2.78, 2.67, 0.119),
    "georgian": (0.22, 0.09, 0.00, 0.00, 0.00, 1.80, 2.03, 2.37, 0.000),
    "kana": (0.92, 1.20, 1.48, 1.75, 1.90, 1.53, 1.39, 3.64, 0.239),
    "han": (0.84, 0.85, 0.87, 0.89, 1.27, 2.09, 2.93, 3.85, 0.216),
    "hangul": (0.00, 0.00, 0.16, 1.28, 2.52, 1.44, 2.34, 3.08, 0.505),
    "emoji": (0.79, 0.78, 0.76, 0.77, 0.86, 1.15, 2.19, 3.25, 0.266),
    "rare": (0.90, 1.10, 1.30, 1.50, 1.90, 2.30, 3.10, 3.90, 0.200),
    "capital": (0.24, 0.63, 0.98, 1.27, 1.78, 2.24, 3.15, 4.05, 0.225),
    "after-capital": (0.58, 0.57, 0.53, 0.60, 0.75, 1.15, 4.13, 7.48, 0.475),
    "glued": (0.44, 0.54, 0.49, 0.39, 0.53, 0.62, 1.22, 3.63, 0.816),
    "space-before-digit": (1.09, 1.23, 1.39, 1.56, 1.94, 2.32, 3.09, 3.86, 0.193),
    "newline-after-mark": (0.00, 0.00, 2.06, 3.07, 3.73, 4.03, 4.36, 4.67, 0.077),
    "western": (0.74, 0.37, 0.56, 0.68, 1.32, 1.69, 1.04, 4.09, 0.127),
    "foreign": (0.45, 1.23, 0.15, 0.00, 1.79, 2.02, 2.58, 5.10, 0.526),
}
