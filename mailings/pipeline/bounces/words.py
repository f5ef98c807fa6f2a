"""How servers put it, in the languages they speak: words of a refusal, by what they mean."""

import re

ABOUT_US = re.compile(
    r"""
    spam(?!\s*folder) | (?<!anti)(?<!anti-)virus | malware | infected
    | \bblocked\b(?!\s+or\s+disabled) | block\s?list | black\s?list
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
    | receiving\ mail\ (?:at\ a\ rate|too\ quickly) | accept\w{0,3}\ (?:any\ )?(?:mail|messages?)\ (?:from|with)
    | sender\b.{0,40}(?:unknown|invalid|not\ (?:exist|found)) | invalid\ sender | envelope\ sender
    | (?:invalid|missing|no)\ message-id | message[- ]id\ (?:is|not|header)
    | \bsender(?:'s)?\ (?:domain|host|account)\b | unknown\ sender | allowed\ senders | client\ host | your\ hostname
    | mismatch\w{0,2}\ (?:the\ )?(?:client|sender) | (?<!\()\bhelo\b | \bfiltered\b | by\ (?:a\ )?(?:content\ )?filter
    | \bfrom\ header | header\ from\b | \behlo\ command | (?<!rejected:\ )access\ denied
    | access\ denied\ (?:from|by|for)\b
    | your\ (?:ip|host|server|domain|account)\b.{0,40}
      \b(?:suspended|disabled|invalid|unknown|no\ mx|not\ (?:exist|found))
    | too\ many\ (?!hops|received|failures|messages\ (?:on|in)|attempts|clients)
    | content\ (?:reject|filter|denied) | message\ content | prohibited | suspicious | unsolicited | bulk\ mail
    | (?:mail|message)\ size\ limit | line\ (?:length\ )?limit | network\ not\ allowed
    | (?:message|size|file)\b.{0,30}\b(?:too\ (?:big|large)|exceed\w{0,3}\ (?:the\ )?(?:maximum|fixed|size|limit))
    | exceeds\ (?:size|maximum\ message|the\ maximum\ (?:message\ )?size) | max(?:imum)?\ message\ size
    | members?[- ]only | not\ a\ member | restricted\ (?:to|list)
    | спам | политик | репутаци | заблокирован\w{0,3}\ (?:письм|сообщен|отправител) | вирус
    | (?:домен|адрес|сервер|ящик)\w{0,3}\ отправител | обратн\w{2,3}\ (?:dns|запис|зон) | доступ\ запрещ
    | ч[её]рн\w+\ спис | слишком\ (?:много|больш)
    """,
    re.IGNORECASE | re.VERBOSE,
)
FULL = re.compile(
    r"""
    \bquota\b | over\ ?quota | (?:mail)?(?:box|folder|store|dir)\b.{0,30}\b(?:is\ |would\ be\ )?full | full\ mailbox
    | \bfull\b.{0,20}\bmailbox | storage\ (?:limit|space|allocation) | disk\ space
    | out\ of\ (?:disk\ )?(?:space|storage)
    | space\ (?:has\ been\ )?used\ up | enough\ (?:disk\ )?space | insufficient\ (?:system\ )?(?:disk\ )?stor
    | mailbox\ (?:(?:size\ )?limit|(?:has\ )?exceed) | exceed\w{0,3}\ (?:the\ |its\ |their\ )?(?:mailbox|disk|storage)
    | too\ many\ messages\ (?:on|in) | переполнен | превышен\w{0,2}\ (?:лимит|квот|размер) | нет\ места | квот
    | пур\ аст
    """,
    re.IGNORECASE | re.VERBOSE,
)
DEAD = re.compile(
    r"""
    (?<![\w-])(?:user|recipient|account|mail\ ?box|address|addressee|alias|person|member|login|id)\b
      (?:(?!server|host|connection|tls\b|certificate|message)[^.\n]){0,50}
      \b(?:unknown|not\ (?:be\ )?(?:found|known|exist|listed|recogni[sz]ed|valid|registered|match)|doesn't\ exist
        |(?:does|did|do)\ not\ exist|disabled|discontinued|deactivated|inactive|invalid|suspended|closed
        |expired(?!\ in\b)|removed|deleted|terminated|cancel+ed|unavailable|no\ longer|isn't\ (?:valid|active)
        |undeliverable|disallowed|locked(?!\ by)|frozen|couldn't\ be\ found)
    | \b(?:unknown|invalid|no\ such|nonexistent|non-existent|bad|illegal|incorrect|undeliverable|unrecogni[sz]ed
        |unavailable|disabled|inactive|deactivated|suspended|closed|expired)
      \ (?:or\ \w+\ )?(?:local\ |virtual\ |destination\ |delivery\ |final\ delivery\ )?
      (?:user|recipient|account|mailbox|address|addressee|alias|person|member|part|userid|login|domain|host|name)\b
    | no\ (?:mail\ ?box|account|user|recipient|route\ to\ addr)\b | doesn't\ have\ an?\ \S+\ account
    | not\ (?:a\ known|a\ valid|a\ registered|our)\ (?:\w+\ )?(?:user|customer|recipient|address|mailbox)
    | user\ unknown | not\ listed\ in
    | unrout(?:e)?able\ (?:mail\ )?(?:address|domain)
    | no\ longer\ (?:valid|in\ use|active|works?|available|on\ this\ server)
    | \b(?:domain|host)(?:\ or\ domain)?(?:\ name)?(?:\ [\w.-]{1,250})?[:,]?\ (?:is\ |was\ |could\ )?
      (?:not\ (?:be\ )?found|unknown|does\ not\ exist|doesn't\ exist)
    | couldn't\ find\ (?:any\ )?(?:a\ |an\ )?(?:host|mail\ exchanger|user|domain)
    | host\ (?:or\ domain\ )?(?:name\ )?unknown
    | no\ (?:valid\ )?(?:mx|dns)\b.{0,30}(?:record|host|for) | name\ (?:or\ )?service\ not\ known | (?:null|0)\ mx\b
    | indicated\ no\ smtp\ service | \b(?:host|domain)\ does\ not\ accept\ (?:any\ )?mail\b(?!\ (?:from|with|by))
    | 5\.4\.1\b.{0,40}recipient\ address\ rejected:\ access\ denied(?!\ (?:from|by|for)\b)
    | 見つかりません | リストにありません
    | (?:invalid|unknown)\ or\ inactive | recipnotfound | recipientnotfound | there\ is\ no\ user | does\ not\ exist
    | doesn't\ exist | nobody\ here\ (?:by|with)
    | (?:utilisateur|destinataire|adresse|benutzer|empf[äa]nger|adressat|usuario|destinatario)\b[^.\n]{0,40}
      (?:inconnu|introuvable|existe\ pas|unbekannt|nicht\ gefunden|desconocid|desconhecid|no\ existe|n[ãa]o\ existe)
    | не\ (?:существует|найден|зарегистрирован|обслуживается)
    | нет\ так(?:ого|ой)\ | неизвестн\w{2,3}\ (?:получател|пользовател|адрес)
    | \b(?:ящик|пользовател\w{1,3}|уч[её]тн\w{2,3}\ запис\w{1,2}|аккаунт)\b(?:(?!сервер)[^.\n]){0,40}
      (?:отключ|удал[её]н(?!н)|заблокирован|неактив|недоступ)
    | вуҷуд\ надорад | ёфт\ нашуд
    """,
    re.IGNORECASE | re.VERBOSE,
)
FOR_NOW = re.compile(
    r"""
    tim(?:ed|e)[ -]?out | try\ again | later | temporar(?:y|ily)
    | connection\ (?:refused|reset|dropped|closed|lost|failed|error)
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
# Whoever says so himself may be believed, whatever words and codes of the dead stand beside it.
SAID_TO_PASS = re.compile(
    r"temporar(?:y|ily)\b|message expired|delivery time expired|retry time(?:out)? exceeded|another process"
    r"|временно|попробуйте (?:\w{1,20} )?позже",
    re.IGNORECASE,
)
