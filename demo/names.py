"""The words of the demo's press list: invented people and organisations, and how each sheet is kept."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from random import Random


def _words(text: str) -> list[str]:
    return re.findall(r"\w+", text)


MEN = _words("""
    Ҷамшед Фирӯз Парвиз Далер Дилшод Дилёр Умед Рустам Комрон Баҳром Беҳрӯз Хуршед Шуҳрат Шералӣ Фаррух Фарҳод Зафар
    Алишер Манучеҳр Қодир Сироҷиддин Абдулло Файзулло Аҳмад Муҳаммад Ҳасан Ҳафиз Тоҳир Озод Ориф Ғайрат Равшан Эраҷ
    Бахтиёр Искандар Сомон Мамадшо Ҷаҳонгир Некрӯз Неъмат Саттор Ғафур Ҳомид Ёдгор Қурбон
""")
WOMEN = _words("""
    Малика Зарина Зулфия Нигора Нигина Гулнора Гулноза Гулчеҳра Шаҳло Шаҳноза Ҷамила Таҳмина Парвина Фарзона Фотима
    Зуҳро Саодат Муҳаббат Мавҷуда Мавзуна Меҳрангез Рухшона Ситора Лола Манижа Савринисо Дилбар Шоира Ҳалима Барно
    Насиба Фирӯза Ёсуман Қимат Оиша Ҷонона
""")
STEMS = _words("""
    Раҳим Раҳмон Карим Салим Саид Шариф Ғафур Қурбон Қодир Қосим Назар Наврӯз Ҳаким Ҳасан Ҳусейн Ҳамид Ҳайдар Воҳид
    Зоҳид Тоҳир Иброҳим Ҷабор Ҷалил Раҷаб Мурод Собир Шукур Носир Азиз Латиф Юсуф Ёқуб Ошур Усмон Камол Давлат Сафар
    Сангин Маҳкам Қаландар Неъмат Алиёр Бахтиёр Абдулло Мирзо Алӣ Ҷӯра Тӯра Бобо Хайрулло Убайдулло Одина Валӣ
""")
RUSSIAN_MEN = _words("Андрей Сергей Виктор Алексей Николай")
RUSSIAN_WOMEN = _words("Ольга Татьяна Наталья Юлия Екатерина")
RUSSIAN_SURNAMES = _words("Белов Зайцев Кузнецов Орлов Воробьёв Рыбников Щеглов")
RUSSIAN_FATHERS = _words("Виктор Иван Михайл Павл")
ENGLISH_GIVEN = _words("""
    Alice Martin Helen Peter Laura Simon Nora Edward Grace Oliver Irene Thomas Julia Henry Clara Walter Ruth Daniel Emma
    Hugh Stella Colin Vera
""")
ENGLISH_SURNAMES = _words("""
    Ashdown Birchwood Calloway Denby Elmsworth Farrow Greenhill Hartwell Ingleby Kestrel Larkin Marlow Northcote Oakes
    Penrose Quill Redfern Stanmore Thornbury Underhill Wexford Yardley Fairbairn Holloway
""")

_RUSSIAN = {"ғ": "г", "ӣ": "и", "қ": "к", "ӯ": "у", "ҳ": "х", "ҷ": "дж"}
_LATIN = {"ъ": "", "ь": ""} | dict(
    zip(
        "абвгғдеёжзиӣйкқлмнопрстуӯфхҳцчҷшщыэюя",
        _words("a b v g gh d e yo zh z i i y k q l m n o p r s t u u f kh h ts ch j sh shch y e yu ya"),
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
    surname, given = chance.choice(RUSSIAN_SURNAMES), chance.choice(RUSSIAN_WOMEN if is_woman else RUSSIAN_MEN)
    patronymic = _patronymic(chance.choice(RUSSIAN_FATHERS), is_woman=is_woman)
    return Name(surname + "а" * is_woman, given, patronymic, is_woman)


def mixed(chance: Random) -> Name:
    return tajik(chance) if chance.random() < 0.5 else russian(chance)


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
        letters.get(char.lower(), char.lower()).capitalize() if char.isupper() else letters.get(char, char)
        for char in text
    )


def _open(stem: str) -> str:
    """Before an ending the long ӣ is written и: Алӣ, Алиев."""
    return stem[:-1] + "и" if stem.endswith("ӣ") else stem


def _patronymic(father: str, *, is_woman: bool) -> str:
    glide = "е" if father[-1] in "аеиоу" else "о"
    return f"{father}{glide}{'вна' if is_woman else 'вич'}"


def _organisations(text: str) -> tuple[Organisation, ...]:
    return tuple(Organisation(*(part.strip() for part in line.split("|"))) for line in text.strip().splitlines())


CITIES = _words("Худжанд Бохтар Куляб Хорог Гиссар Истаравшан Пенджикент Турсунзаде Вахдат Канибадам Исфара Яван")

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


@dataclass(frozen=True)
class Layout:
    """How one sheet is kept: its columns in their order and the words its keeper uses."""

    sheet: str
    heading: str
    header_row: int
    columns: tuple[tuple[str, str], ...]
    share: float
    sections: dict[str, tuple[Organisation, ...]]
    invent: Callable[[Random], Name]
    titles: tuple[str, ...]
    languages: tuple[str, ...]
    notes: tuple[str, ...]
    left: tuple[str, str]  # of a man, of a woman
    do_not_write: tuple[str, ...]
    vacancy: str
    office: str = ""
    either: str = "или"
    has_branches: bool = False
    is_merged: bool = True


LAYOUTS = (
    Layout(
        sheet="СМИ",
        heading="СПИСОК СМИ ДЛЯ РАССЫЛКИ",
        header_row=4,
        columns=(
            ("№", "number"), ("СМИ", "organisation"), ("Ф.И.О.", "full_name"), ("Должность", "title"),
            ("Эл. почта", "emails"), ("Телефон", "phones"), ("Язык", "languages"), ("Город", "city"),
            ("Примечание", "note"),
        ),
        share=0.45,
        sections=MEDIA,
        invent=mixed,
        titles=("главный редактор", "журналист", "корреспондент", "редактор отдела", "ведущий программы", "оператор"),
        languages=("рус", "тоҷ", "тоҷ/рус", "рус, тоҷ", ""),
        notes=("хороший контакт", "звонить после 14:00", "бо забони тоҷикӣ менависад", "был на тренинге в 2025 году"),
        left=("уволился", "уволилась"),
        do_not_write=("не писать", "навиштан лозим нест", "только по телефону"),
        vacancy="вакансия",
        office="редакция",
        has_branches=True,
    ),
    Layout(
        sheet="Госорганы",
        heading="Пресс-службы и пресс-центры государственных органов",
        header_row=6,
        columns=(
            ("Ведомство", "organisation"), ("Фамилия", "surname"), ("Имя", "given"), ("Отчество", "patronymic"),
            ("Должность", "title"), ("Тел. раб., моб.", "phones"), ("Эл. адрес", "emails"), ("Язык", "languages"),
            ("Прим.", "note"),
        ),
        share=0.2,
        sections=STATE,
        invent=russian,
        titles=("начальник пресс-центра", "пресс-секретарь", "главный специалист", "старший инспектор", "консультант"),
        languages=("рус.", "русский", "тоҷ/рус", ""),
        notes=("участвовал в семинаре", "через приёмную", "проверить должность"),
        left=("уволился", "уволилась"),
        do_not_write=("не писать", "только по телефону"),
        vacancy="место свободно",
        office="пресс-служба",
        is_merged=False,
    ),
    Layout(
        sheet="Партнёры",
        heading="Созмонҳои шарик",
        header_row=5,
        columns=(
            ("Ҷойи кор", "organisation"), ("Ному насаб", "full_name"), ("Вазифа", "title"), ("Телефон", "phones"),
            ("Почтаи электронӣ", "emails"), ("Забон", "languages"), ("Эзоҳ", "note"),
        ),
        share=0.2,
        sections=PARTNERS,
        invent=tajik,
        titles=("роҳбар", "адвокат", "равоншинос", "ҳамоҳангсоз", "ҳуқуқшинос", "котиб"),
        languages=("тоҷикӣ", "тоҷикӣ, русӣ", "русӣ", ""),
        notes=("дар семинари соли 2025 буд", "пагоҳӣ занг занед", "нишонии нав"),
        left=("дигар кор намекунад", "дигар кор намекунад"),
        do_not_write=("навиштан лозим нест",),
        vacancy="ҷойи холӣ",
        either="ё",
        has_branches=True,
    ),
    Layout(
        sheet="Международные",
        heading="International organisations and foreign media",
        header_row=3,
        columns=(
            ("Name", "full_name"), ("Organisation", "organisation"), ("Position", "title"), ("E-mail", "emails"),
            ("Phone", "phones"), ("Languages", "languages"), ("Note", "note"),
        ),
        share=0.15,
        sections=INTERNATIONAL,
        invent=english,
        titles=("Programme Officer", "Press Officer", "Correspondent", "Adviser", "Legal Officer"),
        languages=("EN", "RU", "EN, RU", ""),
        notes=("met at the forum", "prefers short texts", "based in Almaty"),
        left=("left the office", "left the office"),
        do_not_write=("do not write",),
        vacancy="vacant",
        either="or",
    ),
)  # fmt: skip
# Every language cell that occurs, and what it means.
LANGUAGES = {
    "рус": "ru", "рус.": "ru", "русский": "ru", "тоҷ": "tg", "тоҷ/рус": "tg ru", "рус, тоҷ": "ru tg", "русӣ": "ru",
    "тоҷикӣ": "tg", "тоҷикӣ, русӣ": "tg ru", "EN": "en", "RU": "ru", "EN, RU": "en ru", "": "",
}  # fmt: skip
