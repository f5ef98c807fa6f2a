"""Given names that are one though no exchange of letters says so: short forms, and forms of other countries."""

from functools import lru_cache

from .sounds import sounds

# Of one person, but not written so in papers: the verdict is weak.
_SHORT = """
Саша Александр Александра; Шура Александр Александра; Алёша Алексей; Лёша Алексей; Толя Анатолий; Андрюша Андрей
Аня Анна; Тоня Антонина; Боря Борис; Вадик Вадим; Валя Валентин Валентина; Вася Василий; Вера Вероника; Вика Виктория
Витя Виктор; Володя Владимир; Вова Владимир; Галя Галина; Гена Геннадий; Гриша Григорий; Даша Дарья; Дима Дмитрий
Женя Евгений Евгения; Катя Екатерина; Лена Елена; Лиза Елизавета; Зина Зинаида; Ваня Иван; Игорёк Игорь; Ира Ирина
Костя Константин; Ксюша Ксения Оксана; Лёня Леонид; Лида Лидия; Люба Любовь; Люда Людмила; Мила Людмила; Рита Маргарита
Маша Мария; Миша Михаил; Надя Надежда; Настя Анастасия; Наташа Наталья Наталия; Ната Наталья; Коля Николай; Оля Ольга
Паша Павел; Петя Пётр; Рома Роман; Света Светлана; Сеня Семён; Серёжа Сергей; Слава Вячеслав Станислав Святослав
Соня София Софья; Стас Станислав; Таня Татьяна; Тома Тамара; Федя Фёдор; Эдик Эдуард; Юра Юрий; Юля Юлия; Яша Яков
"""
# Written so in passports of other countries: as good as the name.
_FOREIGN = """
Екатерина Catherine Katherine; Елена Helen Helena; Юлия Julia; Михаил Michael; Евгений Eugene; Георгий George
Павел Paul; Николай Nicholas Nicolas; Иосиф Joseph; Мария Mary; Пётр Peter; Андрей Andrew; Яков Jacob; Илья Ilia Elijah
Наталья Natalie Nathalie; Александр Alexandr; София Sophie; Анна Anne Hanna; Юрий Juri Jury; Дмитрий Dimitri Dimitry
"""
_SUFFIXES = ("jon", "jan", "Con", "Zon")


def _table(text: str) -> dict[str, frozenset[str]]:
    """Each first name of a line with the others of it, as sounds."""
    groups = [group.split() for line in text.strip().splitlines() for group in line.split(";")]
    found: dict[str, frozenset[str]] = {}
    for first, *others in ([sounds(name.casefold()) for name in group] for group in groups):
        found[first] = found.get(first, frozenset()) | frozenset(others)
    return found


_FULL, _ELSEWHERE = _table(_SHORT), _table(_FOREIGN)


@lru_cache(maxsize=16_384)
def full_forms(name: str) -> frozenset[str]:
    """The names that a short one stands for."""
    return _FULL.get(name, frozenset())


@lru_cache(maxsize=16_384)
def foreign_forms(name: str) -> frozenset[str]:
    return _ELSEWHERE.get(name, frozenset())


def without_courtesy(name: str) -> str:
    """Комилҷон without the -ҷон of courtesy; "" for a name that has none."""
    return name[:-3] if name.endswith(_SUFFIXES) and len(name) > 5 else ""


# «Джамшеду», «Мадине», «Зульфии», «Алексею»: of greeting sheets, where no surname says that all is in the dative.
_DATIVES = (("iu", "i"), ("u", ""), ("e", "a"), ("i", "ia"))
_SHORTEST_DATIVE = 5


@lru_cache(maxsize=16_384)
def nominatives(name: str) -> frozenset[str]:
    """What a given name may be called that stands in the Russian dative."""
    if len(name) < _SHORTEST_DATIVE:
        return frozenset()
    return frozenset(name.removesuffix(ending) + called for ending, called in _DATIVES if name.endswith(ending))
