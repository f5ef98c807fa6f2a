"""Names of invented people and organisations: the words, and how chance puts them together. Nobody real is meant."""

from dataclasses import dataclass
from random import Random

MEN = (
    "Ҷамшед Фирӯз Парвиз Далер Дилшод Дилёр Умед Рустам Комрон Баҳром Беҳрӯз Хуршед Шуҳрат Шералӣ Фаррух Фарҳод Зафар Алишер Манучеҳр Қодир"
    " Сироҷиддин Абдулло Файзулло Аҳмад Муҳаммад Ҳасан Ҳафиз Тоҳир Озод Ориф Ғайрат Равшан Бахтиёр Искандар Эраҷ Сомон Мамадшо Ҷаҳонгир Некрӯз"
    " Неъмат Саттор Ғафур Ҳомид Ёдгор Қурбон"
).split()
WOMEN = (
    "Малика Зарина Зулфия Нигора Нигина Гулнора Гулноза Гулчеҳра Шаҳло Шаҳноза Ҷамила Таҳмина Парвина Фарзона Фотима Зуҳро Саодат Муҳаббат"
    " Мавҷуда Мавзуна Меҳрангез Рухшона Ситора Лола Манижа Савринисо Дилбар Шоира Ҳалима Барно Насиба Фирӯза Ёсуман Қимат Оиша Ҷонона"
).split()
STEMS = (
    "Раҳим Раҳмон Карим Салим Саид Шариф Ғафур Қурбон Қодир Қосим Назар Наврӯз Ҳаким Ҳасан Ҳусейн Ҳамид Ҳайдар Воҳид Зоҳид Тоҳир Иброҳим Ҷабор"
    " Ҷалил Раҷаб Мурод Собир Шукур Носир Азиз Латиф Юсуф Ёқуб Ошур Усмон Камол Давлат Сафар Сангин Маҳкам Қаландар Неъмат Алиёр Бахтиёр"
    " Абдулло Мирзо Алӣ Ҷӯра Тӯра Бобо Хайрулло Убайдулло Одина Валӣ"
).split()
RUSSIAN_MEN = ("Андрей", "Сергей", "Виктор", "Алексей", "Николай")
RUSSIAN_WOMEN = ("Ольга", "Татьяна", "Наталья", "Юлия", "Екатерина")
RUSSIAN_SURNAMES = ("Белов", "Зайцев", "Кузнецов", "Орлов", "Воробьёв", "Рыбников", "Щеглов")
ENGLISH_GIVEN = (
    "Alice Martin Helen Peter Laura Simon Nora Edward Grace Oliver Irene Thomas Julia Henry Clara Walter Ruth Daniel Emma Hugh Stella Colin Vera"
).split()
ENGLISH_SURNAMES = (
    "Ashdown Birchwood Calloway Denby Elmsworth Farrow Greenhill Hartwell Ingleby Kestrel Larkin Marlow Northcote Oakes Penrose Quill Redfern"
    " Stanmore Thornbury Underhill Wexford Yardley Fairbairn Holloway"
).split()

_RUSSIAN = {"ғ": "г", "ӣ": "и", "қ": "к", "ӯ": "у", "ҳ": "х", "ҷ": "дж"}
_LATIN = dict(
    zip(
        "абвгғдеёжзиӣйкқлмнопрстуӯфхҳцчҷшщъыьэюя",
        "a,b,v,g,gh,d,e,yo,zh,z,i,i,y,k,q,l,m,n,o,p,r,s,t,u,u,f,kh,h,ts,ch,j,sh,shch,,y,,e,yu,ya".split(","),
        strict=True,
    )
)


@dataclass(frozen=True)
class Name:
    """A person's name in one spelling; the patronymic may be missing."""

    surname: str
    given: str
    patronymic: str = ""
    is_woman: bool = False

    def spelled(self, change) -> "Name":
        """The same person with every part respelled."""
        return Name(change(self.surname), change(self.given), change(self.patronymic), self.is_woman)


@dataclass(frozen=True)
class Organisation:
    name: str
    domain: str
    city: str = ""


def tajik(chance: Random) -> Name:
    """A Tajik name: surnames as of old (-ов, -ева), reformed (-зода, -ӣ, -пур, -иён), patronymics to match."""
    is_woman = chance.random() < 0.45
    stem, father = _open(chance.choice(STEMS)), _open(chance.choice(MEN))
    glide = "е" if stem[-1] in "аеиоу" else "о"
    old = f"{glide}ва" if is_woman else f"{glide}в"
    ending = chance.choice([old, old, old, "зода", "зода", *([] if glide == "е" else ["ӣ", "пур", "иён"])])
    if ending == old:
        patronymic = chance.choice([_patronymic(father, is_woman=is_woman)] * 3 + [""])
    else:
        patronymic = chance.choice([f"{father}зода", "", ""])
    return Name(stem + ending, chance.choice(WOMEN if is_woman else MEN), patronymic, is_woman)


def russian(chance: Random) -> Name:
    """A Tajik name as Russian writes it, now and then a Russian one."""
    if chance.random() > 0.08:
        return tajik(chance).spelled(in_russian)
    is_woman = chance.random() < 0.5
    surname, father = chance.choice(RUSSIAN_SURNAMES), chance.choice(("Виктор", "Иван", "Михаил", "Павел"))
    father = {"Михаил": "Михайл", "Павел": "Павл"}.get(father, father)
    given = chance.choice(RUSSIAN_WOMEN if is_woman else RUSSIAN_MEN)
    return Name(surname + "а" * is_woman, given, _patronymic(father, is_woman=is_woman), is_woman)


def english(chance: Random) -> Name:
    """An English name, or a Tajik one in Latin letters."""
    if chance.random() < 0.4:
        name = tajik(chance).spelled(in_latin)
        return Name(name.surname, name.given, is_woman=name.is_woman)
    return Name(chance.choice(ENGLISH_SURNAMES), chance.choice(ENGLISH_GIVEN))


def in_russian(text: str) -> str:
    return _mapped(text, _RUSSIAN)


def in_latin(text: str) -> str:
    return _mapped(text, _LATIN)


def _mapped(text: str, letters: dict[str, str]) -> str:
    """The text letter by letter, capitals kept: Ҷ becomes Дж, not дж."""
    return "".join(
        letters.get(char.lower(), char.lower()).capitalize() if char.isupper() else letters.get(char, char) for char in text
    )


def _open(stem: str) -> str:
    """Before an ending the long ӣ is written и: Алӣ, Алиев."""
    return stem[:-1] + "и" if stem.endswith("ӣ") else stem


def _patronymic(father: str, *, is_woman: bool) -> str:
    glide = "е" if father[-1] in "аеиоуй" else "о"
    return f"{father.removesuffix('й')}{glide}{'вна' if is_woman else 'вич'}"


def _organisations(text: str) -> tuple[Organisation, ...]:
    return tuple(Organisation(*(part.strip() for part in line.split("|"))) for line in text.strip().splitlines())


CITIES = ("Худжанд", "Бохтар", "Куляб", "Хорог", "Гиссар", "Истаравшан", "Пенджикент", "Турсунзаде", "Вахдат", "Канибадам", "Исфара", "Яван")

MEDIA = {
    "Агентства": _organisations("""
        ИА «Хабари водӣ»|khabari-vodi.test|Душанбе
        ИА «Меҳвар-пресс»|mehvar-press.test|Душанбе
        ИА «Тарозу»|tarozu-news.test|Худжанд"""),
    "Газеты": _organisations("""
        газета «Навиди рӯз»|navidi-ruz.test|Душанбе
        газета «Субҳи Варзоб»|subhi-varzob.test|Душанбе
        газета «Чароғи деҳа»|charoghi-deha.test|Бохтар
        газета «Қалами содиқ»|qalami-sodiq.test|Худжанд
        газета «Мизони рӯз»|mizoni-ruz.test|Куляб
        газета «Вечерний бульвар»|vech-bulvar.test|Душанбе
        газета «Боғи сухан»|boghi-sukhan.test|Истаравшан"""),
    "Журналы": _organisations("""
        журнал «Даричаи нав»|daricha-nav.test|Душанбе
        журнал «Ҳамдиёр ва ҳуқуқ»|hamdiyor.test|Худжанд"""),
    "Телевидение": _organisations("""
        «Кӯҳсор ТВ»|kuhsor-tv.test|Душанбе
        «Анҳор ТВ»|anhor-tv.test|Худжанд
        телеканал «Офтоб-7»|oftob7.test|Бохтар
        «Шабнам ТВ»|shabnam-tv.test|Хорог"""),
    "Радио": _organisations("""
        Радио «Чашма»|chashma.test|Душанбе
        Радио «Мавҷи Ҳисор»|mavji-hisor.test|Гиссар
        Радио «Садафи баҳор»|sadaf-fm.test|Худжанд"""),
    "Интернет-издания": _organisations("""
        «Минбар-24»|minbar24.test|Душанбе
        портал «Панҷара»|panjara.test|Душанбе
        «Гузар.онлайн»|guzar-online.test|Худжанд
        «Долон-медиа»|dolon-media.test|Куляб
        портал «Семь ветров»|sem-vetrov.test|Душанбе"""),
}
STATE = {
    "Министерства и ведомства": _organisations("""
        Пресс-центр Министерства внутренних дел|mvd-press.test
        Пресс-служба Министерства юстиции|minjust-press.test
        Пресс-служба Министерства здравоохранения|minzdrav-press.test
        Пресс-служба Министерства образования и науки|minobr-press.test
        Информационный отдел Министерства иностранных дел|mid-press.test
        Пресс-служба Комитета по делам женщин и семьи|komitet-press.test
        Отдел по связям с общественностью Главного управления исполнения уголовных наказаний|guiun-press.test"""),
    "Суды и прокуратура": _organisations("""
        Пресс-центр Генеральной прокуратуры|prokuratura-press.test
        Пресс-служба Верховного суда|sud-press.test
        Аппарат Уполномоченного по правам человека|ombudsman-press.test"""),
    "Местные органы": _organisations("""
        Пресс-служба исполнительного органа города Душанбе|dushanbe-press.test
        Пресс-служба исполнительного органа Согдийской области|sughd-press.test
        Пресс-служба исполнительного органа Хатлонской области|khatlon-press.test
        Пресс-служба исполнительного органа ГБАО|gbao-press.test"""),
}
PARTNERS = {
    "Созмонҳои ҷамъиятӣ": _organisations("""
        ТҶ «Чатри ҳуқуқ»|chatri-huquq.test
        ТҶ «Дасти дӯстона»|dasti-dustona.test
        ТҶ «Роҳи ҳақ»|rohi-haq.test
        Бунёди ҷамъиятии «Садои кӯдак»|sadoi-kudak.test
        ТҶ «Занони деҳа»|zanoni-deha.test"""),
    "Адвокатҳо": _organisations("""
        Иттиҳоди адвокатҳои «Сипари қонун»|sipari-qonun.test
        Дафтари ҳуқуқии «Тарҷеҳ»|tarjeh.test"""),
    "Марказҳои тавонбахшӣ": _organisations("""
        Маркази «Навзиндагӣ»|navzindagi.test
        Маркази равоншиносии «Оромиш»|oromish.test"""),
}
INTERNATIONAL = {
    "International organisations": _organisations("""
        Bridge Rights Institute|bridge-rights.example.org
        Northern Light Fund|northern-light.example.org
        Centre for Fair Hearings|fair-hearings.test
        Open Courtroom Network|courtroom-network.test"""),
    "Embassies": _organisations("""
        Embassy of Nordmark|nordmark-embassy.test
        Embassy of Westland|westland-embassy.test"""),
    "Foreign media": _organisations("""
        Silk Road Dispatch|silkroad-dispatch.example.com
        Highland Radio, Central Asia desk|highland-radio.test
        Meridian Wire|meridian-wire.example.net"""),
}
