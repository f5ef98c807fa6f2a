"""Numerals in words, multipliers, months and currencies of the three languages."""

import re


def _forms(words: str) -> dict[str, int]:
    """`12 двенадцать двенадцати` on a line each: the number, then how it is written."""
    table = {}
    for line in words.strip().splitlines():
        number, *forms = line.split()
        table |= dict.fromkeys(forms, int(number))
    return table


WORDS = {
    "ru": _forms("""
        1 один одна одно одного одной одному одним
        2 два две двух двум двумя двое двоих двоим
        3 три трех трем тремя трое троих троим
        4 четыре четырех четырем четырьмя четверо четверых
        5 пять пяти пятью пятеро пятерых
        6 шесть шести шестью шестеро шестерых
        7 семь семи семью семеро семерых
        8 восемь восьми восемью
        9 девять девяти девятью
        10 десять десяти десятью
        11 одиннадцать одиннадцати одиннадцатью
        12 двенадцать двенадцати двенадцатью
        13 тринадцать тринадцати тринадцатью
        14 четырнадцать четырнадцати четырнадцатью
        15 пятнадцать пятнадцати пятнадцатью
        16 шестнадцать шестнадцати шестнадцатью
        17 семнадцать семнадцати семнадцатью
        18 восемнадцать восемнадцати восемнадцатью
        19 девятнадцать девятнадцати девятнадцатью
        20 двадцать двадцати двадцатью
        30 тридцать тридцати тридцатью
        40 сорок сорока
        50 пятьдесят пятидесяти
        60 шестьдесят шестидесяти
        70 семьдесят семидесяти
        80 восемьдесят восьмидесяти
        90 девяносто девяноста
        100 сто ста
        200 двести двухсот
        300 триста трехсот
        400 четыреста четырехсот
        500 пятьсот пятисот
        1000 тысяча тысячи тысяч
    """),
    "tg": _forms("""
        1 як яке
        2 ду
        3 се
        4 чор чаҳор
        5 панҷ
        6 шаш
        7 ҳафт
        8 ҳашт
        9 нӯҳ нуҳ
        10 даҳ
        11 ёздаҳ
        12 дувоздаҳ
        13 сездаҳ
        14 чордаҳ чаҳордаҳ
        15 понздаҳ
        16 шонздаҳ
        17 ҳабдаҳ ҳафдаҳ
        18 ҳаждаҳ
        19 нуздаҳ
        20 бист
        30 сӣ
        40 чил чиҳил
        50 панҷоҳ
        60 шаст
        70 ҳафтод
        80 ҳаштод
        90 навад
        100 сад
        200 дусад
        300 сесад
        400 чорсад
        500 панҷсад
        1000 ҳазор
    """),
    "en": _forms("""
        1 one
        2 two
        3 three
        4 four
        5 five
        6 six
        7 seven
        8 eight
        9 nine
        10 ten
        11 eleven
        12 twelve
        13 thirteen
        14 fourteen
        15 fifteen
        16 sixteen
        17 seventeen
        18 eighteen
        19 nineteen
        20 twenty
        30 thirty
        40 forty
        50 fifty
        60 sixty
        70 seventy
        80 eighty
        90 ninety
        100 hundred
        1000 thousand
    """),
}
# What a Tajik numeral carries: «сездаҳум», «дуто», «бисту панҷ».
_TAJIK_ENDING = re.compile(r"(?:уми|юми|ум|юм|тои|то|ро|и|у)$")
# Words between the parts of one numeral.
AND = frozenset({"and", "у", "ва"})

MULTIPLIERS = [
    (re.compile(r"\s*(?:тыс\b\.?|тысяч\w*|thousands?\b|ҳазор\w*)"), 1_000),
    (re.compile(r"\s*(?:млн\b\.?|миллион\w*|millions?\b|mln\b)"), 1_000_000),
    (re.compile(r"\s*(?:млрд\b\.?|миллиард\w*|billions?\b|bn\b)"), 1_000_000_000),
]
CURRENCIES = [
    (re.compile(r"сомон\w*|somonis?\b|\btjs\b"), "TJS"),
    (re.compile(r"доллар\w*|dollars?\b|\busd\b|\$"), "USD"),
    (re.compile(r"евро\b|euros?\b|\beur\b|€"), "EUR"),
    (re.compile(r"рубл\w*|rubles?\b|\brub\b|₽"), "RUB"),
]
# Russian and Tajik names of months begin alike; May is short and stands for itself.
_CYRILLIC = ["январ", "феврал", "март", "апрел", "", "июн", "июл", "август", "сентябр", "октябр", "ноябр", "декабр"]
_ENGLISH = "january february march april may june july august september october november december".split()
MONTH = (
    "(?:" + "|".join(f"{stem}\\w*" for stem in _CYRILLIC if stem) + r"|ма(?:й|йи|я|ю|е|ем)\b|"
    "(?:" + "|".join(_ENGLISH) + r"|jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec)\b\.?)"
)


def month(word: str) -> int:
    """The number of a month that `MONTH` has matched."""
    if word.startswith("ма") and not word.startswith("март"):
        return 5
    for number, (stem, english) in enumerate(zip(_CYRILLIC, _ENGLISH, strict=True), start=1):
        if stem and word.startswith(stem) or english.startswith(word.rstrip(".")[:3]):
            return number
    raise ValueError(word)


def value_of(word: str, language: str) -> int | None:
    """The number that a word says, if it says one."""
    table = WORDS[language]
    word = word.replace("ё", "е") if language == "ru" else word
    if word in table or language != "tg":
        return table.get(word)
    return table.get(_TAJIK_ENDING.sub("", word))
