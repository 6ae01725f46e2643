"""How English writes numbers, units, dates and bounds: tables and patterns, for text in lower case."""

from __future__ import annotations

import re
from decimal import Decimal

from qa.answer.quantity import Bound

ONES = {
    word: value
    for value, word in enumerate(
        """zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen
        seventeen eighteen nineteen""".split()
    )
}
TENS = {w: 10 * i for i, w in enumerate("twenty thirty forty fifty sixty seventy eighty ninety".split(), 2)}
SCALES = {"hundred": 100, "thousand": 1_000, "million": 10**6, "billion": 10**9, "trillion": 10**12, "dozen": 12,
           "k": 1_000, "m": 10**6, "mn": 10**6, "bn": 10**9, "b": 10**9, "tn": 10**12}  # fmt: skip
VAGUE = {
    "dozens": (24, 99), "scores": (40, 199), "hundreds": (200, 999), "thousands": (2_000, 99_999),
    "tens of thousands": (20_000, 99_999), "hundreds of thousands": (200_000, 999_999),
    "millions": (2 * 10**6, 999 * 10**6), "billions": (2 * 10**9, 999 * 10**9),
    "by the dozen": (24, 99), "by the hundred": (200, 999), "by the thousand": (2_000, 99_999),
    "by the million": (2 * 10**6, 999 * 10**6),
    "several": (3, 20), "a handful": (2, 9), "a few": (2, 9), "a couple": (2, 2),
    "a number of": (3, 20), "numerous": (5, 10**9), "many": (3, 10**9),
    **{f"{some} {scale}": (least * size, most * size)
       for some, least, most in (("several", 3, 9), ("a few", 2, 9), ("a couple of", 2, 2))
       for scale, size in (("dozen", 12), ("hundred", 100), ("thousand", 1_000), ("million", 10**6),
                           ("billion", 10**9))},
}  # fmt: skip
"""The least and the greatest reading of an amount without a number."""
MONTHS = {
    m: i
    for i, m in enumerate(
        "january february march april may june july august september october november december".split(), 1
    )
}
MONTHS |= {m[:3]: i for m, i in MONTHS.items()} | {"sept": 9}
DAYS = {d: i for i, d in enumerate("monday tuesday wednesday thursday friday saturday sunday".split())}
CURRENCIES = {
    "$": "usd", "us$": "usd", "dollar": "usd", "dollars": "usd", "usd": "usd",
    "€": "eur", "euro": "eur", "euros": "eur", "eur": "eur",
    "£": "gbp", "pound": "gbp", "pounds": "gbp", "gbp": "gbp",
    "¥": "jpy", "yen": "jpy", "cents": "cent",
    **{form: name for name in """
        crown krona kronor krone kroner koruna franc lira dinar dirham riyal rupee peso rand yuan renminbi baht
        ringgit shilling naira cedi zloty forint leu lev rouble ruble hryvnia shekel taka guilder florin peseta escudo
        drachma sol kwacha birr tenge mark gourde thaler ducat rupiah dong manat lari quetzal lempira guarani boliviano
        bolivar dalasi pula kuna denar markka livre schilling
    """.split() for form in (name, f"{name}s")},
    "lei": "leu", "leva": "lev", "reais": "real", "lire": "lira", "złoty": "zloty", "złotys": "zloty", "pence": "pence",
}  # fmt: skip
MEASURES: dict[str, tuple[str, Decimal]] = {
    name: (kind, Decimal(factor))
    for kind, table in {
        "length": {"mm millimetre millimeter": "0.001", "cm centimetre centimeter": "0.01", "m metre meter": "1",
                   "km kilometre kilometer": "1000", "inch": "0.0254", "ft foot feet": "0.3048", "yd yard": "0.9144",
                   "mi mile": "1609.344"},
        "mass": {"mg milligram": "0.000001", "g gram": "0.001", "kg kilogram kilo": "1", "tonne": "1000",
                 "lb pound-weight": "0.45359237", "oz ounce": "0.0283495"},
        "area": {"acre": "4046.86", "hectare ha": "10000", "m² sqm": "1", "km²": "1000000"},
        "volume": {"ml millilitre milliliter": "0.001", "l litre liter": "1", "gallon": "3.78541", "barrel": "158.987"},
        "duration": {"second sec": "1", "minute min": "60", "hour hr": "3600", "day": "86400", "week": "604800"},
        "months": {"month": "1", "year yr": "12", "decade": "120", "century": "1200"},
        "temperature-c": {"°c celsius": "1"},
        "temperature-f": {"°f fahrenheit": "1"},
        "speed": {"km/h kph": "1", "mph": "1.609344", "knot": "1.852"},
    }.items()
    for names, factor in table.items()
    for name in names.split()
}  # fmt: skip

NUM = r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?"
NUMBER_WORD = "|".join([*ONES, *TENS, "hundred", "thousand", "million", "billion", "trillion", "dozen"])
WORDED = (
    rf"(?:(?:half\ a|a\ half|a)[ -](?:hundred|thousand|million|billion|dozen)|{NUMBER_WORD})(?:\ and\ a\ half(?!\ of))?"
    rf"(?:(?:,?\ and\ (?:a\ )?|[ -])(?:{NUMBER_WORD}))*"
)
MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?"
    r"|nov(?:ember)?|dec(?:ember)?)\.?"
)
DAY = r"(?:mon|tues|wednes|thurs|fri|satur|sun)day"
CENTURIES = {
    w: i
    for i, w in enumerate(
        """first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth
        fifteenth sixteenth seventeenth eighteenth nineteenth twentieth twenty-first""".split(),
        1,
    )
}
CENTURY = "|".join(sorted(CENTURIES, key=len, reverse=True))
DATE = re.compile(
    rf"""\b(?:(?P<iso>\d{{4}}-\d{{2}}(?:-\d{{2}})?)
    |(?P<nine>9/11)
    |(?P<d1>\d{{1,2}})(?:st|nd|rd|th)?\ (?:of\ )?(?P<m1>{MONTH})(?:,?\ (?P<y1>\d{{4}}))?
    |(?P<m2>{MONTH})\ (?P<d2>\d{{1,2}})(?:st|nd|rd|th)?\b(?!,\d)(?:,?\ (?P<y2>\d{{4}}))?
    |(?P<m3>{MONTH}),?\ (?:of\ )?(?P<y3>\d{{4}})
    |(?P<dec>(?:1[0-9]|20)\d0)s\b
    |(?P<cent>\d{{1,2}}(?:st|nd|rd|th)|{CENTURY})[ -]century
    |(?P<m4>january|february|april|june|july|august|september|october|november|december)
    |(?P<wd>{DAY})
    |(?P<m6>(?<=\bin\ |\bof\ |\bby\ )(?:march|may)|(?<=since\ |until\ |early\ )(?:march|may)
        |(?<=\blate\ |\blast\ )(?:march|may))
    |(?P<y5>(?:1[0-9]|20)\d\d)(?!\.\d|,\d|\s?(?:%|per)))(?=\W|s\b|$)""",
    re.VERBOSE,
)
AMOUNT = re.compile(
    rf"""(?P<cur>us\$|[$€£¥])?\s?(?<![\w.,])(?P<num>{NUM}|(?<![-])\b(?:{WORDED})\b)
    (?P<ord>st|nd|rd|th)?(?![\w])?
    (?:(?:\ |-)?(?P<scale>hundred|thousand|million|billion|trillion|dozen|bn|mn|tn|k|m|b)\b)?
    (?:[\ -]?(?P<pct>%|per\ ?cent\b|percentage\ points?\b))?""",
    re.VERBOSE,
)
PARTS = {
    "half": 2,
    "third": 3,
    "quarter": 4,
    "fourth": 4,
    "fifth": 5,
    "sixth": 6,
    "seventh": 7,
    "eighth": 8,
    "ninth": 9,
    "tenth": 10,
    "hundredth": 100,
}
SMALL = "|".join([*ONES, "\\d{1,3}"])
WHOLES = "ten|five|four|three|two|twenty|hundred|100|10|5|4|3|2|20|six|seven|eight|nine|6|7|8|9"
EVERY = {"other": 2, "second": 2, "third": 3, "fourth": 4, "fifth": 5, "sixth": 6, "tenth": 10}
SHARE = re.compile(
    r"\b(?P<top>a|one|three)[ -]quarters? of an? (?P<scale>million|billion|trillion)\b"
    r"(?: (?P<currency>dollars|euros|pounds))?"
)
"""A number told as a part of a round one: "a quarter of a million"."""
FRACTION = re.compile(
    rf"""(?<!\d[.,])\b(?:
    (?P<whole>(?<!\bfirst\ )(?<!\bsecond\ )(?<!\bother\ )(?<!\blatter\ )(?<!\blast\ )half)
       (?=\s+(?:of|the|its|their|his|her|all|an|a\s+(?!million|billion|dozen|hundred|thousand)))
    |(?P<top>a|{SMALL})[ -](?P<part>half|third|quarter|fourth|fifth|sixth|seventh|eighth|ninth|tenth|hundredth)s?
        (?=\s+of\b(?!\s+july)|[.,;]|$|\s+(?:less|more|to|from|last|this|in|after|since|over|when|between|by)\b|\s+(?:were|was|are|is|have|had|said)\b)
    |(?P<n>{SMALL})(?:\ out\ of(?:\ every)?|\ in(?:\ every|\ a(?=\ hundred))?)\ (?P<m>{WHOLES})
    |(?P<n2>{SMALL})\ [a-z]{{3,}}\ (?:out\ of|in)(?:\ every)?\ (?P<m2>{WHOLES})
        (?=[.,;]|$|\s+(?:were|was|are|is|have|had|has|did|does|do|can|could|will|would|who|said)\b
        |\s+(?:in|of|to|by|from|at|for|on|with)\b)
    |every\ (?P<every>other|second|third|fourth|fifth|sixth|tenth)
        (?=\ [a-z])(?!\ (?:with|of|in|and|or|to|at|on|by|for)\b)
    )\b(?![.,]\d)""",
    re.VERBOSE,
)
ORDINALS = {
    w: i for i, w in enumerate("second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth".split(), 2)
} | {"first": 1}
ORDINAL = re.compile(rf"\b(?P<w>{'|'.join(ORDINALS)})\b")
CLOCK = re.compile(
    r"""\b(?:(?P<h>\d{1,2})(?:[:.](?P<m>[0-5]\d))?\s?(?P<half>[ap])\.?m\b\.?
    |(?P<h2>[01]?\d|2[0-3]):(?P<m2>[0-5]\d)(?![:\d])(?:\s?(?P<half2>[ap])\.?m\b\.?)?
    |(?P<h3>\d{1,2}|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve)
        (?:\so'clock|(?=\sin\sthe\s(?:morning|afternoon|evening)\b))
    |(?P<name>noon|midday|midnight))""",
    re.VERBOSE,
)
TIMES = re.compile(r"\b(?P<w>twice|doubled?|thrice|tripled?)\b")
GROUPS = r"contingent|group|number|crew|team|band|force|detachment|party|unit|squad|share|minority|majority"
SIZES = {"small": (2, 50), "tiny": (2, 20), "large": (20, 10**9), "huge": (50, 10**9), "big": (20, 10**9)}
"""Of a group of which only the size is told ("a small contingent")."""
VAGUE_RE = re.compile(
    r"\b("
    + "|".join(sorted(map(re.escape, VAGUE), key=len, reverse=True))
    + rf"|an? (?:{'|'.join(SIZES)}) (?:{GROUPS}))\b(?! (?:times|of the (?:time|same)))"
)
BOUNDS: tuple[tuple[Bound, str], ...] = (
    ("almost", r"nearly|almost|just under|close to|just short of|getting on for|not quite|a little under"),
    ("about", r"about|around|approximately|roughly|some|an estimated|estimated|circa|up to about|just over|approx\.?"),
    ("least", r"at least|no (?:fewer|less) than|not (?:fewer|less) than|a minimum of"),
    (
        "max",
        r"(?:no|not) (?:more|longer|greater) than|at most|up to|a maximum of|within|as (?:many|much|few) as"
        r"|not exceeding",
    ),
    ("min", r"more than|over|above|exceed(?:s|ed|ing)?|upwards of|greater than|longer than|older than|in excess of"),
    ("below", r"not yet|(?<!nor )less than|(?<!nor )fewer than|under|below|younger than|shorter than|smaller than"),
)
BOUND_RES = tuple((b, re.compile(rf"(?:\b(?:{p}))(?: a| an| the)?\s*[$€£¥]?$")) for b, p in BOUNDS)
UNIT_RE = re.compile(r"[\s-]*(?:of (?:the |its |their )?)?((?:[^\W\d_][\w'’./²°-]*\s+){0,3}[^\W\d_°][\w'’./²-]*)")
