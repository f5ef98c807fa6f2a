"""Read what notes, comments, colours and struck-through rows ask of us, as proposals for a person to decide. Pure."""

import re
import unicodedata
from calendar import monthrange
from dataclasses import asdict, dataclass
from datetime import date
from functools import lru_cache

from core.sealing import blind
from core.text import LEGACY_TAJIK

from ..states import Scope

# What is proposed: a stop rule; that the position has ended; that the contact is kept more carefully;
# that letters to the address came back; that an address or a number is not used any more; another spelling of one.
STOP, LEFT, CAREFUL, RETURNED, RETIRED, SPELLING = "stop", "left", "careful", "returned", "retired", "spelling"
_QUOTED = 200


@dataclass(frozen=True)
class Proposal:
    """Something the list suggests about the person of one row; nothing is done about it until somebody agrees."""

    kind: str
    quote: str
    scope: str = ""
    # For scope "channel": the way of reaching that is not wanted.
    channel: str = ""
    # A day, a month or a year, as `crm.dates` keeps them; "" for good.
    until: str = ""
    # The address or the number it is about, or the other spelling of it; of LEFT the organisation.
    value: str = ""
    source: str = "note"
    confidence: float = 0.9
    sheet: str = ""
    row: int = 0

    @property
    def is_doable(self) -> bool:
        """Whether agreeing does anything: of letters that came back one must know where they were sent."""
        return self.kind != RETURNED or bool(self.value)

    @property
    def is_sure(self) -> bool:
        return self.confidence >= SURE

    @property
    def key(self) -> str:
        """Under which a person's answer is kept: the same when the file is read again."""
        return "|".join((str(self.row), self.sheet, *self.subject))

    @property
    def mark(self) -> str:
        """Under which an answer is remembered for a contact, readable to nobody. Other words ask anew."""
        return blind("|".join((*self.subject, self.quote)))

    def stored(self) -> dict[str, object]:
        """The form kept in ImportRow.proposals."""
        return asdict(self) | {"key": self.key}

    @property
    def subject(self) -> tuple[str, ...]:
        """What two proposals share that say the same."""
        return (self.kind, self.scope, self.channel, self.until, self.value)


# From here on a proposal is ticked beforehand.
SURE = 0.85

_SEND = r"(?:пис|слать|посыла|присыла|отправл|отсыла|высыла|рассыла|направл)\w*"
_NOT = r"\bне\s+(?:надо\s+|нужно\s+|стоит\s+|над\s+)?"
_MAIL = r"(?:e-?mail|мэйл|мейл|имейл|эл\.?\s*поч\w+|почт\w+|адрес|ящик|п[оа]чтаи?\w*|нишон\w+)"
_CARDS = r"(?:поздравл\w+|открыт(?:к\w+|ок)|табрик\w*|greetings?|(?:greeting |holiday )?cards?)"
_MESSENGER = r"(?:telegram|телеграмм?\w*|тг|whats?app?|вотсап\w*|ватсап\w*|viber|вайбер\w*|imo|имо|мессенджер\w*)"
_PHONE = r"(?:тел\.|тел(?:ефон\w*)?|моб(?:ил\w*)?|звон\w+|phone|занг)"
_TJ_NOT_SEND = (
    r"(?:нанавис\w*|нафирист\w*|нафристон\w*|(?:навиштан|фиристодан)\s+(?:лозим|даркор)\s+нест|фиристода\s+нашав\w*)"
)

# In this order: each takes its words out of the text, so that «не слать поздравления» is not read as «не слать».
_PATTERNS = [
    (
        {"kind": STOP, "scope": Scope.EVERYTHING},
        r"\bумер(?:ла)?\b|скончал\w+|поко[йи]н\w+|уш(?:[её]л|ла)\s+из\s+жизни|вафот\s+кард\w*|даргузашт\w*"
        r"|\bdied\b|deceased|passed\s+away",
    ),
    (
        {"kind": RETURNED},
        rf"{_MAIL}\s+(?:больше\s+)?(?:не\s*(?:работает|существует|действ\w+|доступ\w+|актив\w+)|закрыт\w*|заблокир\w+|переполн\w+|кор\s+намекунад)"
        rf"|(?:письм\w+|почта)\s+(?:не\s+доход\w+|возвращ\w+|вернул\w+)|^\W*вернул(?:ось|ся|ась)?\b|bounce[sd]?\b|returned\b|undeliverable"
        r"|(?:мактуб|нома)\s+баргашт\w*|^\W*баргашт\w*",
    ),
    (
        {"kind": STOP, "scope": Scope.GREETINGS},
        rf"{_NOT}(?:{_SEND}\s+)?{_CARDS}|{_NOT}поздравля\w+|{_CARDS}\s+(?:больше\s+)?(?:не\s+\w+|{_TJ_NOT_SEND}|лозим\s+нест|даркор\s+нест|накун\w*)"
        rf"|\bбез\s+{_CARDS}|\bno\s+{_CARDS}|(?:do\s+not|don['’]?t)\s+(?:send\s+(?:any\s+)?)?(?:{_CARDS}|greet)|табрик\s+накун\w*",
    ),
    (
        {"kind": STOP, "scope": Scope.INVITATIONS},
        rf"{_NOT}(?:приглаш\w+|звать|зовите)|приглашени\w+\s+{_NOT}{_SEND}|{_NOT}{_SEND}\s+приглашени\w+|\bбез\s+приглашений"
        r"|даъват(?:нома)?\w*\s+(?:накун\w*|нашав\w*|нафирист\w*|лозим\s+нест)|\bno\s+invit\w+|(?:do\s+not|don['’]?t)\s+(?:send\s+)?invit\w+",
    ),
    (
        {"kind": STOP, "scope": Scope.CHANNEL, "channel": "phone"},
        rf"{_NOT}(?:звонить|звоните|беспокоить\s+по\s+телефону)|по\s+телефону\s+{_NOT}\w+|занг\s+на(?:зан|кун)\w*|(?:do\s+not|don['’]?t)\s+call",
    ),
    *(
        (
            {"kind": STOP, "scope": Scope.CHANNEL, "channel": channel},
            rf"(?:в|на|по|through|via)\s+(?:{names})\s+{_NOT}\w+|{_NOT}{_SEND}\s+(?:в|на|по)\s+(?:{names})",
        )
        for channel, names in {
            "email": r"e-?mail|мейл|мэйл|имейл|эл\.?\s*почт\w+|почт\w+|адрес",
            "telegram": r"telegram|телеграмм?\w*|тг",
            "whatsapp": r"whats?app?|вотсап\w*|ватсап\w*",
            "viber": r"viber|вайбер\w*",
            "imo": r"imo|имо",
        }.items()
    ),
    (
        {"kind": STOP, "scope": Scope.CHANNEL, "channel": "email"},
        rf"\bтолько\s+(?:(?:по|в|через|на)\s+)?(?:{_PHONE}|{_MESSENGER})|(?:{_PHONE}|{_MESSENGER})\s+(?:only|фақат)"
        rf"|(?:танҳо|фақат)\s+(?:бо|ба|тавассути|дар)\s+(?:{_PHONE}|{_MESSENGER})|only\s+(?:by|via|on|through)\s+(?:the\s+)?(?:{_PHONE}|{_MESSENGER})"
        rf"|{_MAIL}\s+не\s+(?:чита|смотр|проверя|пользу)\w+|звонить\W+(?:а\s+)?не\s+писать|почта\s+намехон\w+",
    ),
    (
        {"kind": CAREFUL},
        r"осторожн\w+|(?:выехал|уехал|эмигрировал)а?\s+(?:из\s+страны|за\s+границу|за\s+рубеж)|эмигр\w+|в\s+эмиграции|в\s+изгнании"
        r"|арест\w+|под\s+следствием|в\s+(?:сизо|тюрьме|заключении)|(?:не\s+указывать|скрыт\w+|не\s+в)\W+(?:в\s+)?(?:открыт\w+\s+)?копи\w+"
        r"|в\s+открытой\s+копии|не\s+разглаша\w+|не\s+(?:показывать|называть|упоминать|публиковать)|анонимн\w+|конфиденциал\w+|опасно"
        r"|боҳ?эҳтиёт\w*|эҳтиёт\w*|махфӣ|пинҳон\w*|ошкор\s+накун\w*|(?:аз\s+)?(?:кишвар|ватан)\s+(?:рафт|баромад)\w*"
        r"|confidential\w*|be\s+careful|careful\b|anonymous\w*|left\s+(?:the|tajikistan)\s*(?:country)?|in\s+exile|sensitive|bcc\s+only",
    ),
    (
        {"kind": STOP, "scope": Scope.EVERYTHING},
        r"(?:\bв|ушла\s+в)\s+декрет\w*|\bв\s+(?:долгом\s+|длительном\s+)?отпуск\w*|\bна\s+(?:учёбе|учебе|стажировке|больничном)|\bв\s+(?:длительной\s+)?командировк\w+|\bвременно\s+(?:не|отсутств)\w*"
        r"|рухсати\w*|дар\s+сафар|on\s+(?:maternity\s+|parental\s+|sick\s+)?leave|sabbatical",
    ),
    (
        {"kind": LEFT},
        r"уволил\w+|уволен\w*|\bуш(?:[её]л|ла)\b|(?:уже|больше|давно|там|здесь|тут)?\s*\bне\s+(?:работает|сотрудничает)|переш(?:[её]л|ла)\b|перев[её]л(?:ся|ась)\b"
        r"|перевед[её]н\w*|(?:выш(?:ел|ла)\s+|\bна\s+)(?:на\s+)?пенси\w+|\bзакрыт[оаы]?\b|закрыл(?:ся|ась|и|ось)\b|ликвидир\w+|расформир\w+|прекратил\w*\s+\w+|покинул\w*"
        r"|сокращ[её]н\w*|сменил\w*\s+работу|кор\s+намекун\w*|аз\s+кор\s+(?:рафт|озод|баромад|сабук)\w*|ба\s+(?:дигар|ҷои\s+дигар)\s+\w+\s*(?:рафт|гузашт)\w*"
        r"|ба\s+нафақа\s+\w+|баста\s+шуд\w*|барҳам\s+\w+|left\s+the\s+\w+|\bleft\b|no\s+longer\b|(?:does\s+not|doesn['’]?t)\s+work|retired\b|resigned\b|closed\s+down"
        r"|(?:was|is)\s+closed|dissolved|liquidated|moved\s+to\b",
    ),
    (
        {"kind": STOP, "scope": Scope.BULK},
        rf"{_NOT}(?:включать|добавлять)\s+в\s+рассыл\w+|без\s+(?:массовых\s+)?рассыл\w+|только\s+лично\w*|только\s+личн\w+\s+письм\w+"
        r"|no\s+(?:bulk|mass|group)\s+(?:mail\w*|e-?mails?|letters)|personal\s+(?:letters|e-?mails?)\s+only",
    ),
    (
        {"kind": STOP, "scope": Scope.EVERYTHING},
        rf"{_NOT}(?:{_SEND}|беспоко\w+|тревож\w+|контактир\w+|связыва\w+|обраща\w+)|отписал\w+|отказал\w*\s+(?:от\s+)?(?:рассыл|писем|получ)\w*"
        r"|(?:исключ|убра|удал|вычеркн|снять|снят|выпис)\w*\s+(?:из|с|от)\s+(?:нашей\s+|всех\s+)?(?:рассыл|спис|баз)\w*|(?:ч[её]рн\w+\s+спис\w+|стоп[\s-]?лист\w*)|^\W*стоп\W*$"
        rf"|{_TJ_NOT_SEND}|ташвиш\s+на(?:дих|диҳ|кун|ор)\w*|аз\s+рӯйхат\s+(?:хориҷ|бароварда|бароред|гирифта|гиред)\w*|обуна(?:ро)?\s+(?:бекор|қатъ|рад)\w*"
        r"|(?:do\s+not|don['’]?t|never)\s+(?:write|e-?mail|mail|send|contact|disturb)|unsubscrib\w+|opted?[\s-]out|remove\s+(?:from|him|her|them)\b",
    ),
]
# Tajik notes are typed on Russian keys as often as not.
_RUSSIAN_KEYS = str.maketrans("ғӣқӯҳҷҒӢҚӮҲҶ", "гикухчГИКУХЧ")
_COMPILED = [(meaning, re.compile(pattern.translate(_RUSSIAN_KEYS), re.IGNORECASE)) for meaning, pattern in _PATTERNS]
_MONTHS = {
    stem: number
    for number, stems in enumerate(
        ["янв jan", "фев feb", "мар mar", "апр apr", "мая май май may", "июн jun", "июл jul", "авг aug", "сен sep",
         "окт oct", "ноя nov", "дек dec"],
        start=1,
    )
    for stem in stems.split()
}  # fmt: skip
_UNTIL = re.compile(
    r"(?:\bдо|\bпо|\bто|until|till|through)\s+(?:конца\s+|охири\s+|соли\s+|the\s+end\s+of\s+)*"
    r"(?:(?:(?P<day>\d{1,2})[\s.](?:(?P<month>\d{1,2})\.)?)?\s*(?P<word>[^\W\d_]{3,})?\s*(?:соли\s+)?)?(?P<year>(?:19|20)\d\d)",
    re.IGNORECASE,
)


@lru_cache(maxsize=4_096)
def read(text: str) -> tuple[Proposal, ...]:
    """What a note asks for, nothing for the many notes that ask for nothing. The row and the source are added later."""
    found = {}
    left = unicodedata.normalize("NFC", text).translate(LEGACY_TAJIK).translate(_RUSSIAN_KEYS).replace("\xa0", " ")
    until = _until(left)
    for meaning, pattern in _COMPILED:
        if not pattern.search(left):
            continue
        left = pattern.sub(" · ", left)
        ends = until if meaning["kind"] == STOP else ""
        proposal = Proposal(quote=text.strip()[:_QUOTED], until=ends, **meaning)
        found.setdefault(proposal.subject, proposal)
    return tuple(found.values())


def _until(text: str) -> str:
    """The day, month or year after «до», as precise as it is typed."""
    if not (found := _UNTIL.search(text)):
        return ""
    month = int(found["month"] or _MONTHS.get((found["word"] or "")[:3].casefold(), 0))
    day = int(found["day"] or 0) if month else 0
    if not 1 <= month <= 12:
        return found["year"]
    return f"{found['year']}-{month:02}" + (f"-{day:02}" if 1 <= day <= 31 else "")


def last_day(partial: str) -> date | None:
    """The last day of what is known as a day, a month or a year; None for good."""
    if not partial:
        return None
    year, month, day = (*map(int, partial.split("-")), 0, 0)[:3]
    month = month or 12
    most = monthrange(year, month)[1]
    return date(year, month, min(day or most, most))


_NO = re.compile(r"\W*(?:нет|не|не надо|не нужно|no|не|нест|лозим нест|0|false|минус)\W*|-", re.IGNORECASE)


# What a column of yes and no is about, where it says no.
COLUMNS = {"greetings": Scope.GREETINGS, "invitations": Scope.INVITATIONS, "mailings": Scope.BULK}


def refuses(column: str, cell: str) -> tuple[Proposal, ...]:
    """What a column says that is headed «Поздравлять» or «Приглашать»: «нет» alone asks for something."""
    text = cell.strip()
    if _NO.fullmatch(text):
        return (Proposal(STOP, text[:_QUOTED], scope=COLUMNS[column], source="column", confidence=0.85),)
    return read(text)
