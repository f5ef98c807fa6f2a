"""Families of spellings: one Tajik name as passports, mail addresses, Russian papers and old fonts have it.

The letters are those of BGN/PCGN 1994, ICS-630-01 and of the ways people write names; choices are drawn by a Random.
"""

import re
from dataclasses import dataclass, replace
from random import Random

MEN = (
    "Абдуҷаббор Аброр Адҳам Азизбек Айнӣ Акбар Акмал Акрам Алишер Амин Амирбек Амриддин Анвар Аслиддин Асадулло "
    "Асрор Афзал Ашраф Бадриддин Баҳодур Баҳриддин Беҳзод Бобоҷон Боқӣ Ваҳҳоб Восиф Ғаюр Ғиёс Ғолиб Ғуломҳайдар "
    "Давлатёр Давронҷон Дилёр Довуд Донишҷӯ Ёрмаҳмад Ёқуб Зайниддин Зафар Зикрулло Зоир Илҳом Исломиддин "
    "Исфандиёр Исҳоқ Иброҳим Искандар Каримҷон Комил Кӯҳкан Лоиқ Маҳмадалӣ Маҷид Меҳровар Мирзоалӣ Муқим Мунир "
    "Муъмин Муҳсин Мӯсо Набӣ Наҷмиддин Неъматулло Низом Нусратулло Одилҷон Олимшоҳ Орзу Пӯлод Раҳматулло Раҷаб "
    "Рӯзибой Саидҷаъфар Саъдӣ Саймуҳиддин Сафармурод Сипеҳр Сироҷиддин Соҳиб Суҳроб Таваралӣ Тағоймурод Тоҷиддин "
    "Тӯйчӣ Убайдулло Умед Фарҳод Фаттоҳ Файзалӣ Хайём Хушқадам Хуршед Шаҳриёр Шавкат Шарофиддин Шерафган Шодӣ "
    "Эҳсон Эмомалӣ Эшонқул Юсуф Яҳё Қамариддин Қаҳрамон Қиём Қудрат Ҳабиб Ҳайдар Ҳақназар Ҳоҷӣ Ҳусейн Ҷаъфар "
    "Ҷовид Ҷомӣ Ҷӯрабек Ӯктам Ӯрун"
).split()
WOMEN = (
    "Адиба Азиза Анзурат Бибиҷон Бунафша Гулбаҳор Гулрухсор Гулҷаҳон Дилафрӯз Дилрабо Ёсуман Заррагул Зебо Зевар "
    "Зубайда Идигул Инобат Канзия Кибриё Лайло Латофат Маҳбуба Мавлуда Маъмура Меҳринисо Мижгона Мунира Наргис "
    "Насрин Нилуфар Нодира Оиша Озода Парвона Рафоат Раъно Робия Рӯзигул Сабоҳат Саида Санавбар Сафия Соҷида "
    "Ӯғулой Фариштамоҳ Фарангис Фотима Хосият Шабнам Шаҳноз Шоҳида Эътибор Юлдуз Қурбонгул Ҳанифа Ҳикоят Ҷамила "
    "Ҷонона"
).split()
FATHERS = (
    "Абдуғафор Абдулло Абдураҳим Азим Акбар Амир Асад Бобо Боқӣ Валӣ Восид Ғаффор Ғиёс Ғолиб Давлат Ёдгор Ёқуб "
    "Зиё Зоир Зубайд Иброҳим Исҳоқ Исо Комил Кенҷа Лоиқ Лутфулло Маҳмад Маҷид Мирзо Муъмин Мӯсо Набӣ Неъмат "
    "Норбой Нуъмон Олим Орзу Пӯлод Раҷаб Раҳмат Рӯзӣ Сабз Саъдулло Сангин Сироҷ Тоҷибой Турсун Тӯра Убайд Умар "
    "Усмон Фатҳулло Фозил Ҳайит Холмурод Хоҷа Чориқул Шамс Шариф Шодӣ Шоҳмурод Эргаш Эшонқул Юлдош Юсуф Ятим "
    "Қаландар Қодир Қурбон Ҳабиб Ҳаким Ҳамдам Ҳақназар Ҳидоят Ҳусейн Ҷаббор Ҷалол Ҷумъа Ҷӯра Ӯрун"
).split()
# Kept apart: no rule was made while looking at these.
HELD_OUT_MEN = (
    "Ёвар Ёдгор Абдуманнон Абдурасул Абдусаттор Азизулло Айём Акобир Амирхон Амриқул Анис Асомиддин Атобек "
    "Бадалбек Баракат Баротали Баҳманёр Беҳрӯз Боймурод Бурҳон Валиҷон Ватан Вафо Гадо Давлатшоҳ Дониёр Зариф "
    "Зикриё Икром Илҳомиддин Имомалӣ Имрон Инъом Исмат Камол Карим Каром Кароматулло Комрон Лутфия Малик Маннон "
    "Мансур Марҳабо Машраб Мақсуд Мирзо Мирзораҳим Музаффар Мукаррам Муртазо Мусаллам Мустафо Наврӯз Назар Наим "
    "Насим Нозим Носир Нуриддин Нурулло Олим Парвиз Равшан Раҳим Раҳматулло Раҳмон Рустам Руқия Саидмурод Салим "
    "Салом Самад Самандар Сарвар Сафар Собир Содиқ Сомон Сулаймон Султон Суҳайлӣ Толиб Тоҳир Умар Усмон Фаридун "
    "Фаррух Фаррухшо Фаррӯз Фозил Халил Холид Шамсия Шамсулло Шариф Шодмон Шоир Шукрулло Шуҳрат Эмом Эраҷ Юнус "
    "Ятимбек Ғайрат Ғафор Ғафур Қобил Қосим Қудратулло Қурбон Ҳалим Ҳамид Ҳасан Ҳикматулло Ҳилол Ҳомид Ҳошим "
    "Ҷалил Ҷалол Ҷамол Ҷамшед Ҷонибек Ҷумабой"
).split()
HELD_OUT_WOMEN = (
    "Адолат Анора Бибисоро Ганҷина Гулизор Гулҷамол Дилором Дурдона Зайнаб Зарифа Заҳро Зилола Зиёда Камола "
    "Карима Кибриё Комила Маврӯза Мадина Мадинабону Малика Манзура Мансура Матлуба Мақсуда Маҳин Маҳфуза Моҳира "
    "Муаззам Муниса Назира Назокат Наима Насиба Насима Нозанин Нозима Нурҷаҳон Олима Орифа Парвин Парвина Парисо "
    "Раъно Раҳима Рухсора Рухшона Салима Санам Сарвиноз Сафура Ситора Собира Суман Тамара Тамино Таҳмина Тоҳира "
    "Умеда Фарида Хадича Шарифа Шоира Ҳалима Ҳамида Ҳилола"
).split()

_KEYBOARD = str.maketrans("ҒӢҚӮҲҶғӣқӯҳҷ", "ГИКУХЧгикухч")
_FONT = str.maketrans("ҒӢҚӮҲҶғӣқӯҳҷ", "ЃЇЌЎЊЉѓїќўњљ")
_U_OF_TODAY = str.maketrans("Ӯӯ", "Ўў")
_LATIN = dict(
    zip("абвгдезийклмнопрстуфхчшэ", "a b v g d e z i y k l m n o p r s t u f kh ch sh e".split(), strict=True)
) | {"ж": "zh", "ё": "yo", "ю": "yu", "я": "ya", "ц": "ts", "щ": "shch", "ы": "y", "ь": "", "ъ": ""}
_BGN = {"ғ": "gh", "ӣ": "í", "қ": "q", "ӯ": "ŭ", "ҳ": "h", "ҷ": "j", "ъ": "’", "э": "ė"}
_ICS = {"ғ": "gh", "ӣ": "i", "қ": "q", "ӯ": "u", "ҳ": "h", "ҷ": "j"}
_UZBEK = {"ғ": "g'", "ӣ": "i", "қ": "q", "ӯ": "o'", "ҳ": "h", "ҷ": "j", "х": "x", "ъ": "'"}
_HABITS = {
    "ғ": ("gh", "g"),
    "ӣ": ("i",),
    "қ": ("q", "k"),
    "ӯ": ("u", "u", "o"),
    "ҳ": ("h", "kh"),
    "ҷ": ("j", "dj"),
    "ъ": ("", "'"),
    "в": ("v", "w"),
    "ё": ("yo", "io"),
    "ю": ("yu", "iu"),
    "я": ("ya", "ia"),
    "й": ("y", "i"),
    "х": ("kh", "h"),
}
_LETTERED = ("bgn", "ics", "uzbek", "habit", "passport")
SCHEMES = ("tajik", "keyboard", "font", "ў", "russian", *_LETTERED)


@dataclass(frozen=True)
class Person:
    """An invented person, by Tajik words; `ending` is what the surname adds to the father's name."""

    given: str
    family: str
    ending: str
    is_woman: bool

    @property
    def surname(self) -> str:
        if self.ending == "ов":
            return _soviet(self.family) + ("а" if self.is_woman else "")
        return self.family.removesuffix("ӣ") + ("и" if self.family.endswith("ӣ") else "") + self.ending


def _soviet(family: str) -> str:
    if family.endswith("ӣ"):
        return f"{family[:-1]}иев"
    return family + ("ев" if family[-1] in "аоёӯ" else "ов")


def person(random: Random, *, held_out: bool = False) -> Person:
    is_woman = random.random() < 0.4
    men, women, fathers = (HELD_OUT_MEN, HELD_OUT_WOMEN, HELD_OUT_MEN) if held_out else (MEN, WOMEN, FATHERS)
    ending = random.choice(("ов", "ов", "ов", "зода", "зода", "ӣ", "иён", ""))
    return Person(random.choice(women if is_woman else men), random.choice(fathers), ending, is_woman)


def other_person(who: Person, random: Random, *, held_out: bool = False) -> Person:
    """Somebody who differs from a person in the given name alone, in the family alone, or in being man or woman."""
    while True:
        other = person(random, held_out=held_out)
        kinds = [replace(who, given=other.given), replace(who, family=other.family)]
        kinds += [replace(who, is_woman=not who.is_woman)] * (who.ending == "ов")
        if (found := random.choice(kinds)) != who:
            return found


def spelled(word: str, scheme: str, random: Random) -> str:
    """A word in the Tajik orthography as somebody writes it who keeps to a scheme."""
    plain = {"tajik": word, "keyboard": word.translate(_KEYBOARD), "font": word.translate(_FONT)}
    plain["ў"] = word.translate(_U_OF_TODAY)
    if scheme in plain:
        return plain[scheme]
    if scheme == "russian":
        return russian(word, random)
    if scheme == "passport":
        return _latin(russian(word, random), {}, random)
    letters = {"bgn": _BGN, "ics": _ICS, "uzbek": _UZBEK, "habit": _HABITS}[scheme]
    return _latin(word, letters, random)


def _latin(word: str, letters: dict, random: Random) -> str:
    found = []
    for letter in word.lower():
        options = letters.get(letter, _LATIN.get(letter, letter))
        found.append(random.choice(options) if isinstance(options, tuple) else options)
    return "".join(found).capitalize()


_RUSSIAN = [
    # Where, what, and how often: the divides of the table, each drawn for itself.
    (r"ҷ", "дж", 1.0),
    (r"ё(?=[бдзмлнрстқк])", "я", 0.4),
    (r"(?<=[аои])ё", "я", 0.5),
    (r"ъ(?=[бдмнрз])", "г", 0.25),
    (r"ъ", "", 0.8),
    (r"ҳ(?=[аоиуе])", "г", 0.12),
    (r"ҳ", "х", 1.0),
    (r"ғ", "г", 1.0),
    (r"ӯ", "у", 1.0),
    (r"ӣ", "и", 1.0),
    (r"(?<=қ)и", "ы", 0.4),
    (r"(?<=[сз])и(?=[мрлб])", "ы", 0.2),
    (r"қ", "к", 1.0),
    (r"л(?=[бвгдзкмнпрстчш])", "ль", 0.4),
    (r"(?<=[аиоу])ф\b", "п", 0.15),
    (r"(?<=му)ро(д|т)", r"рат", 0.25),
]


def russian(word: str, random: Random) -> str:
    """A word as Russian papers have it: а for some о, and the other exchanges of the table."""
    word = word.lower()
    for pattern, letters, share in _RUSSIAN:
        if random.random() < share:
            word = re.sub(pattern, letters, word)
    ending = re.search(r"(?:ова?|зода|он)$", word)
    stem, tail = (word[: ending.start()], ending[0]) if ending else (word, "")
    if random.random() < 0.5:
        stem = stem.replace("о", "а")
    return (stem + tail).capitalize()


def name(who: Person, scheme: str, random: Random) -> str:
    """Surname and given name, in the order that the scheme's papers have as a rule."""
    surname, given = spelled(who.surname, scheme, random), spelled(who.given, scheme, random)
    first = random.random() < (0.2 if scheme in _LETTERED else 0.75)
    return f"{surname} {given}" if first else f"{given} {surname}"


def family(who: Person, random: Random) -> list[str]:
    """The name of one person in every scheme."""
    return [name(who, scheme, random) for scheme in SCHEMES]
