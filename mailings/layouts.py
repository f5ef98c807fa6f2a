"""The letter around the text: a layout for each kind, what may stand in it, and its words in three languages."""

from dataclasses import dataclass
from datetime import datetime

from .artwork import Art, picture_of
from .message import Attached, Inline

# What each kind has beside its text. The form shows it, the database refuses the rest.
PARTICULARS: dict[str, frozenset[str]] = {
    "statement": frozenset({"number", "is_urgent", "embargo_until", "signatories"}),
    "press_release": frozenset({"embargo_until", "contact", "about"}),
    "review": frozenset({"number"}),
    "invitation": frozenset({"contact"}),
    "official": frozenset({"number", "addressee"}),
    "greeting": frozenset(),
}
# What is written in each language by itself.
PER_LANGUAGE = frozenset({"contact", "about", "addressee"})


def template_of(kind: str) -> str:
    return f"email/{kind}.mjml"


@dataclass(frozen=True)
class Signature:
    """An organisation under a joint text."""

    name: str
    logo: Inline | None = None


@dataclass(frozen=True)
class Sender:
    """Whose name a letter bears, in its language."""

    name: str
    address: str


@dataclass(frozen=True)
class Frame:
    """What stands around a text in one language, whoever reads it."""

    number: int | None = None
    is_urgent: bool = False
    embargo_until: datetime | None = None
    contact: str = ""
    about: str = ""
    addressee: str = ""
    hotline: str = ""
    web_url: str = ""
    signatures: tuple[Signature, ...] = ()
    # Pictures that the text may show, by the name it calls them; the first of a greeting stands on top.
    pictures: tuple[tuple[str, Inline], ...] = ()
    attachments: tuple[Attached, ...] = ()
    # The picture of a greeting card: what it shows may differ from reader to reader, its name in the letter not.
    card: Inline | None = None
    card_alt: str = ""
    art: Art | None = None
    # None is the environment's.
    sender: Sender | None = None
    # What of its readers the mailing measures.
    measures: str = ""
    # Of an invitation to an event: where a reader answers; whose link is not known yet, what stands in its place.
    answer_url: str = ""


def card_for(art: Art, name: str) -> Inline:
    """The picture with a reader's name in it."""
    return Inline("card", art.media_type, picture_of(art, name))


@dataclass(frozen=True)
class Words:
    """What the frame says. Letters speak their reader's language, not the interface's, so this is no catalogue."""

    organisation: str
    kinds: dict[str, str]
    contact: str
    why: str
    unsubscribe: str
    browser: str
    urgent: str
    embargo: str
    about: str
    signed: str
    hotline: str
    outgoing: str
    letterhead: str
    dushanbe: str
    city: str
    # The two parts of a review.
    ours: str
    press: str
    answer: str
    # For who cannot open the page: people read what comes back.
    answer_in_words: str


WORDS = {
    "ru": Words(
        organisation="Коалиция гражданского общества против пыток и безнаказанности в Таджикистане",
        kinds={
            "statement": "Заявление",
            "press_release": "Пресс-релиз",
            "review": "Обзор",
            "invitation": "Приглашение",
            "official": "Официальное письмо",
            "greeting": "Поздравление",
        },
        contact="Пресс-контакт",
        why="Вы получили это письмо, потому что ваш адрес есть в списке для прессы и партнёров Коалиции.",
        unsubscribe="Отписаться",
        browser="Открыть в браузере",
        urgent="Срочно",
        embargo="Эмбарго: не публиковать до",
        about="Справка",
        signed="Заявление подписали",
        hotline="Горячая линия",
        outgoing="Исх. №",
        letterhead="Это же письмо на бланке — во вложении.",
        dushanbe="Душанбе, UTC+5",
        city="г. Душанбе",
        ours="Что мы выпустили",
        press="О нас пишут",
        answer="Ответить на приглашение",
        answer_in_words="Если страница не открывается, ответьте на это письмо одним словом: да, возможно или нет.",
    ),
    "tg": Words(
        organisation="Эътилофи ҷомеаи шаҳрвандӣ зидди шиканҷа ва беҷазоӣ дар Тоҷикистон",
        kinds={
            "statement": "Изҳорот",
            "press_release": "Хабарномаи матбуотӣ",
            "review": "Шарҳ",
            "invitation": "Даъватнома",
            "official": "Мактуби расмӣ",
            "greeting": "Табрикнома",
        },
        contact="Тамос барои матбуот",
        why="Шумо ин номаро гирифтед, зеро нишонии шумо дар рӯйхати матбуот ва шарикони Эътилоф ҳаст.",
        unsubscribe="Бекор кардани обуна",
        browser="Дар браузер кушодан",
        urgent="Фаврӣ",
        embargo="Эмбарго: то ин вақт нашр накунед —",
        about="Маълумот",
        signed="Изҳоротро имзо карданд",
        hotline="Хатти боварӣ",
        outgoing="Содиротӣ №",
        letterhead="Ҳамин мактуб дар варақаи расмӣ замима шудааст.",
        dushanbe="Душанбе, UTC+5",
        city="ш. Душанбе",
        ours="Мо чӣ нашр кардем",
        press="Дар бораи мо менависанд",
        answer="Ба даъватнома ҷавоб диҳед",
        answer_in_words="Агар саҳифа кушода нашавад, ба ин мактуб бо як калима ҷавоб диҳед: ҳа, шояд ё не.",
    ),
    "en": Words(
        organisation="Civil Society Coalition against Torture and Impunity in Tajikistan",
        kinds={
            "statement": "Statement",
            "press_release": "Press release",
            "review": "Review",
            "invitation": "Invitation",
            "official": "Official letter",
            "greeting": "Greeting",
        },
        contact="Press contact",
        why="You received this letter because your address is on the Coalition's list for the press and partners.",
        unsubscribe="Unsubscribe",
        browser="Read in the browser",
        urgent="Urgent",
        embargo="Under embargo: not to be published before",
        about="Background",
        signed="Signed by",
        hotline="Hotline",
        outgoing="Ref. No.",
        letterhead="The same letter on letterhead is attached.",
        dushanbe="Dushanbe, UTC+5",
        city="Dushanbe",
        ours="What we said",
        press="What is written about us",
        answer="Answer the invitation",
        answer_in_words="If the page does not open, answer this letter in one word: yes, perhaps or no.",
    ),
}
