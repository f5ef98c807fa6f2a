"""Classify a refusal: a table. Touches no database.

Classes decide what a refusal means for the next mailing. Only `hard` is about the recipient's mailbox and stops the
address; `block` is about us (policy, reputation, authentication, what the letter is) and must never stop anybody
(RFC 3463 for the codes).
"""

import re
from enum import StrEnum


class BounceClass(StrEnum):
    HARD = "hard"
    SOFT = "soft"
    FULL = "full"
    BLOCK = "block"
    UNKNOWN = "unknown"
    # No refusals: what a report says of a letter that is still tried, or has come.
    DELAY = "delay"
    DELIVERED = "delivered"


# What is looked at from top to bottom; the first that fits says the class. What somebody else's server calls
# “user unknown, blocked as spam” is about us: the doubt is in the recipient's favour.
_ABOUT_US = re.compile(
    r"""
    spam(?!\s*folder) | virus | malware | infected | \bblocked\b(?!\s+or\s+disabled) | block\s?list | black\s?list
    | \brbl\b | dnsbl | spamhaus | spamcop | barracuda | proofpoint
    | invalid\ ip\b | ip\ name\ lookup | not\ allowed\ to\ send | not\ accepting\ mail\ (?:with|from)
    | \bpolic(?:y|ies)\b | reputation | \bspf\b | \bdkim\b | \bdmarc\b | unauthenticated | not\ authori[sz]ed
    | authentication[ -](?:required|results?\ fail|fail) | reverse\ dns | \bptr\b | rdns | sender\ verif
    | (?:your|sending|client|sender)\ (?:ip|host|server|domain|address)\b.{0,60}
      \b(?:reject|refus|den(?:y|ied)|not\ allow|poor|bad|block)
    | relay(?:ing)?\b.{0,40}(?:denied|prohibited|not\ permitted|not\ allowed|access|unable) | unable\ to\ relay
    | (?:we\ do\ not|cannot|not\ permitted\ to|not\ allowed\ to|not\ a|isn't\ in\ my\ list.{0,30})\ ?relay
    | allowed\ rcpthosts | sender\ (?:address\ )?(?:rejected|denied) | bad\ sender | rate\ limit
    | open\ relay | (?:without|smtp)\ authentication | not\ verified | unroutable\ sender | valid\ from\b
    | relay\ quota | (?:daily|hourly)\ (?:\w+\ )?(?:limit|quota) | preferences\b
    | receiving\ mail\ (?:at\ a\ rate|too\ quickly)
    | too\ many\ (?!hops|received|failures|messages\ (?:on|in)|attempts|clients)
    | content\ (?:reject|filter|denied) | message\ content | prohibited | suspicious | unsolicited | bulk\ mail
    | (?:mail|message)\ size\ limit | line\ (?:length\ )?limit | network\ not\ allowed
    | (?:message|size|file)\b.{0,30}\b(?:too\ (?:big|large)|exceed\w*\ (?:the\ )?(?:maximum|fixed|size|limit))
    | exceeds\ (?:size|maximum\ message|the\ maximum\ (?:message\ )?size) | max(?:imum)?\ message\ size
    | members?[- ]only | not\ a\ member | only\ accept(?:s|ing)?\ (?:mail|messages)\ from | restricted\ (?:to|list)
    | спам | политик | репутаци | заблокирован\w*\ (?:письм|сообщен|отправител) | вирус
    | ч[её]рн\w+\ спис | слишком\ (?:много|больш)
    """,
    re.IGNORECASE | re.VERBOSE,
)
_FULL = re.compile(
    r"""
    \bquota\b | over\ ?quota | (?:mail)?(?:box|folder|store|dir)\b.{0,30}\b(?:is\ |would\ be\ )?full | full\ mailbox
    | \bfull\b.{0,20}\bmailbox | storage\ (?:limit|space|allocation) | disk\ space
    | out\ of\ (?:disk\ )?(?:space|storage)
    | space\ (?:has\ been\ )?used\ up | enough\ (?:disk\ )?space | insufficient\ (?:system\ )?(?:disk\ )?stor
    | mailbox\ (?:(?:size\ )?limit|(?:has\ )?exceed) | exceed\w*\ (?:the\ |its\ |their\ )?(?:mailbox|disk|storage)
    | too\ many\ messages\ (?:on|in) | переполнен | превышен\w*\ (?:лимит|квот|размер) | нет\ места | пур\ аст | квот
    """,
    re.IGNORECASE | re.VERBOSE,
)
_DEAD = re.compile(
    r"""
    (?:user|recipient|account|mail\ ?box|address|addressee|alias|person|member|login|id)\b[^.\n]{0,50}
      \b(?:unknown|not\ (?:be\ )?(?:found|known|exist|listed|recogni[sz]ed|valid|registered|match)|doesn't\ exist
        |(?:does|did|do)\ not\ exist|disabled|discontinued|deactivated|inactive|invalid|suspended|expired|closed|removed
        |deleted|terminated|cancel+ed|unavailable|no\ longer|isn't\ (?:valid|active)|undeliverable|disallowed|locked
        |frozen)
    | (?:unknown|invalid|no\ such|nonexistent|non-existent|bad|illegal|incorrect|undeliverable|unrecogni[sz]ed
        |unavailable|disabled|inactive|deactivated|suspended|closed|expired)
      \ (?:or\ \w+\ )?(?:local\ |virtual\ |destination\ |delivery\ |final\ delivery\ )?
      (?:user|recipient|account|mailbox|address|addressee|alias|person|member|part|userid|login|domain|host|name)
    | no\ (?:mail\ ?box|account|user|recipient|route\ to\ addr)\b | doesn't\ have\ an?\ \S+\ account
    | not\ (?:a\ known|a\ valid|a\ registered|our)\ (?:\w+\ )?(?:user|customer|recipient|address|mailbox)
    | user\ unknown | not\ listed\ in
    | unrout(?:e)?able\ (?:mail\ )?(?:address|domain)
    | no\ longer\ (?:valid|in\ use|active|works?|available|on\ this\ server)
    | (?:domain|host)(?:\ name)?\b[^\n]{0,80}?(?:not\ found|unknown|does\ not\ exist|doesn't\ exist|lookup\ fail)
    | couldn't\ find\ (?:any\ )?(?:a\ |an\ )?(?:host|mail\ exchanger|user|domain)
    | host\ (?:or\ domain\ )?(?:name\ )?unknown
    | no\ (?:valid\ )?(?:mx|dns)\b.{0,30}(?:record|host|for) | name\ (?:or\ )?service\ not\ known | (?:null|0)\ mx\b
    | no\ smtp\ service | (?:does|do)\ not\ accept\ (?:any\ )?mail\b
    | 5\.4\.1\b.{0,40}recipient\ address\ rejected:\ access\ denied | 見つかりません | リストにありません
    | (?:invalid|unknown)\ or\ inactive | recipnotfound | recipientnotfound | there\ is\ no\ user | does\ not\ exist
    | doesn't\ exist | nobody\ here\ (?:by|with)
    | (?:utilisateur|destinataire|adresse|benutzer|empf[äa]nger|adressat|usuario|destinatario)\b[^.\n]{0,40}
      (?:inconnu|introuvable|existe\ pas|unbekannt|nicht\ gefunden|desconocid|desconhecid|no\ existe|n[ãa]o\ existe)
    | не\ (?:существует|найден|зарегистрирован|обслуживается)
    | нет\ так(?:ого|ой)\ | неизвестн\w+\ (?:получател|пользовател|адрес)
    | (?:ящик|пользовател\w*|уч[её]тн\w+\ запис\w+|аккаунт)\b[^.\n]{0,40}
      (?:отключ|удал[её]н|заблокирован|неактив|недоступ)
    | вуҷуд\ надорад | ёфт\ нашуд
    """,
    re.IGNORECASE | re.VERBOSE,
)
_FOR_NOW = re.compile(
    r"""
    tim(?:ed|e)[ -]?out | try\ again | later | temporar(?:y|ily)
    | connection\ (?:refused|reset|dropped|lost|failed|error)
    | expired | failing\ for\ a\ long\ time
    | could\ not\ connect | cannot\ connect | can't\ connect | wasn't\ able\ to\ establish | unreachable
    | retry\ time | giv(?:en|ing)\ up | in\ the\ queue\ too\ long | too\ long | lookup\ fail | host\ not\ responding
    | not\ respond | resources | did\ not\ accept\ our\ requests | network\ (?:error|problem) | no\ answer | loop
    | too\ many\ hops | system\ (?:is\ )?(?:down|error|problem|not) | busy | io\ error | i/o\ error | internal\ error
    | routing\ error | mail\ server\ (?:is\ )?(?:down|unavailable) | failed\ \d+\ attempts | aborted\ after\ \d
    | service\ (?:currently\ )?unavailable | does\ not\ support\ tls | name\ server\ reply | mailer\ error
    | (?:improper|bad)\ (?:command\ )?sequence
    | lock\ failure | error\ while\ writing | can't\ create\ user\ output | text\ was\ generated\ during
    | command\ (?:died|failed|exit) | collected | позже | временн | тайм-?аут | недоступ
    """,
    re.IGNORECASE | re.VERBOSE,
)
_BY_WORDS = [
    (_ABOUT_US, BounceClass.BLOCK),
    (_FULL, BounceClass.FULL),
    (_DEAD, BounceClass.HARD),
    (_FOR_NOW, BounceClass.SOFT),
]
_BY_ENHANCED_CODE = [
    (r"[45]\.7\.\d+", BounceClass.BLOCK),
    (r"[45]\.2\.2", BounceClass.FULL),
    (r"5\.1\.(?:7|8|9)", BounceClass.BLOCK),
    (r"5\.(?:2\.3|3\.4|6\.\d+)", BounceClass.BLOCK),
    (r"5\.1\.(?:1|2|3|6|10)", BounceClass.HARD),
    (r"5\.2\.1|5\.4\.310", BounceClass.HARD),
    (r"4\.\d+\.\d+", BounceClass.SOFT),
    (r"5\.4\.(?:1|6|7|8)|5\.3\.[12]", BounceClass.SOFT),
]
# Codes that say no more than “refused”, or “given up”: there the words decide, or the code in them.
_VAGUE = re.compile(r"4\.4\.7|5\.(?:0\.0|1\.0|1\.4|2\.0|2\.4|3\.\d+|4\.\d+|5\.\d+)")
# A code of policy anywhere in a refusal is one of policy, whatever others stand beside it.
_POLICY_CODE = re.compile(r"(?<![\d.])[45]\.7\.\d{1,3}\b")
_REPLY = re.compile(r"(?<![\d.@-])([45]\d\d)(?:[ -](?=\D|[45]\.\d)|(?=:))")
_ENHANCED = re.compile(r"(?<![\d.])([245]\.\d{1,3}\.\d{1,3})(?![\d.]*\d)")

_OWN_FAULT_CODES = frozenset({421, 530, 534, 535, 538})
_OWN_FAULT_WORDS = re.compile(
    r"relay|authentication required|must authenticate|sender (?:address )?rejected"
    # What we may send today or this hour is used up.
    r"|(?:daily|hourly) (?:user )?(?:sending )?(?:limit|quota)|sending (?:limit|quota)",
    re.IGNORECASE,
)


def is_own_fault(code: int, reply: str) -> bool:
    """Whether our relay, password or address is refused, whoever the letter was for; a reply that is none, too."""
    return code in _OWN_FAULT_CODES or not 400 <= code < 600 or bool(_OWN_FAULT_WORDS.search(reply))


def codes_in(text: str) -> tuple[int, str]:
    """The SMTP code and the enhanced one somewhere in a server's words; 0 and nothing where there is none."""
    reply = _REPLY.search(text)
    enhanced = next((one for one in _ENHANCED.findall(text) if one[0] != "2"), "")
    return int(reply[1]) if reply else 0, enhanced


def classify(code: int, reply: str, enhanced: str = "") -> BounceClass:
    """The class of a refusal with this SMTP `code` (550) and `reply` ("5.1.1 No such user").

    `enhanced` is the code of a report, where the reply does not begin with one.
    """
    found = _ENHANCED.search(reply[:120])
    enhanced = found[1] if found and (not enhanced or _VAGUE.fullmatch(enhanced)) else enhanced
    by_words = next((name for pattern, name in _BY_WORDS if pattern.search(reply)), None)
    by_code = next((name for pattern, name in _BY_ENHANCED_CODE if re.fullmatch(pattern, enhanced)), None)
    if by_words is BounceClass.BLOCK:
        return BounceClass.BLOCK
    if BounceClass.FULL in {by_words, by_code}:
        return BounceClass.FULL
    if by_code is BounceClass.BLOCK or _POLICY_CODE.search(reply):
        return BounceClass.BLOCK
    for_now = enhanced.startswith("4") or 400 <= code < 500
    if for_now:
        return BounceClass.SOFT
    if _VAGUE.fullmatch(enhanced) and by_words:
        return by_words
    return by_code or by_words or BounceClass.UNKNOWN
