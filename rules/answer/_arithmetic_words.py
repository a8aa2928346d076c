"""Words that stand around numbers, and what they make of them."""

from __future__ import annotations

from datalint import pattern


def words(*lists: str) -> frozenset[str]:
    """The words of some texts."""
    return frozenset(" ".join(lists).split())


# Before a formula: it goes on further left than is understood.
BEFORE = words(
    "versus vs plus minus times negative mod modulo root sqrt log ln exp sin cos tan",
    "lim max min floor ceil gcd lcm choose over one two three four five six seven eight nine ten eleven twelve twenty thirty",
    "forty fifty hundred thousand million half third quarter fourth double twice triple dozen 的 和 与 到 比 第 分之 减 加 乘 除",
)
JOINING = words("and or of by to from than between with for as")  # so do these where a number stands before them
LABELS = words(
    "day days week weeks month year step chapter page pages level grade question part section round game phase number item",
    "row column line option case example exercise equation volume team player scenario figure table group unit version stage",
    "rule lesson problem route class room bus",
)
# After a formula: it goes on further right.
AFTER = words(
    "or to times percent squared cubed square half million billion trillion thousand hundred dozen pi",
    "mod modulo plus minus base below above short shy too over under quarter third quarters thirds o'clock am pm a.m p.m",
    "或 到 万 亿 千 百 分之 倍 多 兆",
)
# After a number: no unit of it, for what follows belongs to something else.
STOPS = words(
    "and or but by to from than then so if when which is are was were be not more less fewer greater times plus minus over",
    "under between x y z n i remaining remainder left out as the that this these equals where because since while percent half",
    "twice after before only just until squared cubed square root log ln sin cos tan mod modulo xor",
    "和 或 与 到 比 是 的 至 分之 倍 多 少 于 以 余",
)
ARTICLES = words("the all those these his her their its a an total original")
SMALL_UNITS = words("m g s h l L N J W V A C F K d")
SCALES = words(
    "million millions billion billions trillion thousand hundred dozen dozens k bn mn 万 亿 千 百 pair pairs score"
)
SIZES: dict[str, str] = {
    word: kind
    for kind, listed in {
        "time": "second seconds sec secs s minute minutes min mins hour hours hr hrs h day days d week weeks month months year"
        " years yr yrs decade decades century centuries quarter quarters 秒 分钟 分 小时 时 天 日 周 星期 月 个月 年",
        "length": "mm cm m km meter meters metre metres centimeter centimeters kilometer kilometers inch inches foot feet ft"
        " yard yards mile miles mi block blocks furlongs 毫米 厘米 米 千米 公里",
        "mass": "mg g kg gram grams kilogram kilograms ounce ounces oz pound pounds lb lbs ton tons tonne tonnes 克 千克 公斤 吨",
        "money": "cent cents dollar dollars penny pennies nickel nickels dime dimes quarter quarters euro euros pence yuan pound"
        " pounds usd bill bills coin coins 元 角 分 美元 美分",
        "volume": "ml l liter liters litre litres milliliter milliliters cup cups pint pints quart quarts gallon gallons"
        " tablespoon tablespoons teaspoon teaspoons tbsp tsp 升 毫升",
        "count": "dozen dozens pair pairs pack packs set sets score gross",
    }.items()
    for word in listed.split()
}
NEARLY = pattern(
    r"(?i)≈|\\approx|~|\b(?:about|approx\w*|roughly|around|nearly|almost|round\w*|estimat\w*|nearest"
    r"|truncat\w*|floor|ceil\w*"
    r"|integer division|quotient|remainder)\b|约|近似|四舍五入|取整|余|估"
)
# A line that does not claim what it says, or does not mean everyday numbers.
DOUBTED = pattern(
    r"(?i)n't\b|\b(?:not|never|false|incorrect\w*|wrong\w*|untrue|invalid|mistak\w*|error\w*|instead"
    r"|should|suppose|pretend|joke"
    r"|riddle|puzzle|if|mod|modulo|modular|clock|binary|hex\w*|octal|base|boolean|logic\w*|concatenat\w*"
    r"|string|xor|bitwise"
    r"|o'clock|synergy|orwell|1984|impossible|contradict\w*|absurd|paradox|fallacy|matrix|vector|try|tries|guess)\b"
    r"|≡|≠|错|不|假如|如果|二进制|进制|模|若"
)
