"""The titles of columns and the words in them that lists of organisations use, folded. Pure."""

from core.text import fold

from ..states import Frequency, OrganisationKind, Ownership, Region, Weekday
from .vocabulary import aliases

TITLES = aliases(
    {
        "name": (
            "организация, организации, название, наименование, название организации, наименование организации, "
            "название сми, наименование сми, сми, издание, редакция, ведомство, учреждение, орган, госорган, "
            "государственный орган, министерство, партнер, ташкилот, номи ташкилот, ном, созмон, муассиса, мақомот, "
            "нашрия, вао, расона, name, organisation, organization, outlet, media outlet, agency, institution, company"
        ),
        "kind": (
            "вид, тип, вид организации, тип организации, категория, тип сми, вид сми, что это, навъ, навъи ташкилот, "
            "намуд, kind, type, what it is, category, type of organisation, type of organization"
        ),
        "ownership": (
            "собственность, форма собственности, чья, чье, владелец, учредитель, моликият, шакли моликият, "
            "муассис, ownership, owner, whose it is, founder"
        ),
        "languages": "язык, языки, язык издания, языки издания, забон, забонҳо, language, languages",
        "frequency": (
            "периодичность, частота, как часто выходит, даврият, frequency, how often it comes out, periodicity"
        ),
        "press_day": "день выхода, день выпуска, рӯзи нашр, press day, day it comes out, publication day",
        "region": "регион, область, вилоят, минтақа, region, province",
        "city": "город, населенный пункт, место, шаҳр, ҷой, city, town, location",
        "postal_address": (
            "адрес, почтовый адрес, адрес почтовый, юридический адрес, фактический адрес, местонахождение, суроға, "
            "нишонӣ, нишонии почтавӣ, address, postal address, street address"
        ),
        "website": "сайт, веб сайт, вебсайт, адрес сайта, сомона, веб сомона, website, web site, site, url, web",
        "press_unit": (
            "пресс служба, пресс центр, подразделение по связям с общественностью, отдел по связям с "
            "общественностью, хадамоти матбуот, маркази матбуот, press unit, press service, press office"
        ),
        "parent": (
            "входит в, часть, часть чего, головная организация, вышестоящая организация, вышестоящий орган, "
            "қисми, ташкилоти болоӣ, part of, parent, parent organisation, parent organization"
        ),
        "former_names": (
            "прежнее название, прежние названия, бывшее название, старое название, другие названия, номи пешина, "
            "номҳои пешина, former name, former names, old name, earlier name"
        ),
        "domains": "домен, домены, домен почты, доменҳо, domain, domains, mail domain",
        "note": (
            "примечание, примечания, прим, заметка, заметки, комментарий, комментарии, эзоҳ, қайд, шарҳ, "
            "note, notes, comment, comments, remark, remarks"
        ),
        "ignore": "п п, no п п, номер п п, n п п, нн, no, n, т р",
    }
)
# In the middle of a longer title these mean something else: «Название мероприятия», «Адрес электронной почты».
ONLY_WHOLE = {
    fold(word)
    for word in "название,наименование,ном,name,орган,тип,вид,навъ,намуд,kind,type,место,ҷой,location,адрес,суроға,"
    "нишонӣ,address,часть,owner,web,no,n,сми,ташкилот,организация,organisation,organization,company,agency".split(",")
}


def _words(known: dict[object, str]) -> dict[str, object]:
    return {fold(word): value for value, line in known.items() for word in line.split(",")}


KINDS = _words(
    {
        OrganisationKind.AGENCY: "информационное агентство, информагентство, иа, агентство, агентства, "
        "информационные агентства, оҷонсии иттилоотӣ, агентии иттилоотӣ, news agency, news agencies, agency",
        OrganisationKind.NEWSPAPER: "газета, газеты, рӯзнома, рӯзномаҳо, newspaper, newspapers",
        OrganisationKind.MAGAZINE: "журнал, журналы, маҷалла, маҷаллаҳо, magazine, magazines",
        OrganisationKind.TV: "телевидение, тв, телеканал, телеканалы, телекомпания, телевизион, шабакаи телевизионӣ, "
        "television, tv, tv channel",
        OrganisationKind.RADIO: "радио, радиостанция, радиостанции, радиоканал, radio, radio station",
        OrganisationKind.ONLINE: "интернет издание, интернет издания, онлайн издание, онлайн издания, онлайн сми, "
        "сайт, нашрияи интернетӣ, нашрияи онлайн, online outlet, online outlets, online media, online, website",
        OrganisationKind.REGIONAL: "региональное издание, региональные издания, региональное сми, региональные сми, "
        "местное сми, местные сми, нашрияи минтақавӣ, нашрияи маҳаллӣ, regional outlet, regional outlets, local media",
        OrganisationKind.BUREAU: "бюро иностранного сми, бюро зарубежного сми, корпункт, зарубежное сми, "
        "иностранное сми, иностранные сми, зарубежные сми, намояндагии вао хориҷӣ, "
        "bureau of a foreign outlet, bureau, foreign media",
        OrganisationKind.EXILE: "издание в изгнании, сми в изгнании, нашрия дар ғурбат, outlet in exile, exile media",
        OrganisationKind.ASSOCIATION: "объединение журналистов, союз журналистов, ассоциация журналистов, иттиҳодияи "
        "рӯзноманигорон, иттифоқи рӯзноманигорон, association of journalists, union of journalists",
        OrganisationKind.STATE_BODY: "государственный орган, государственные органы, госорган, госорганы, ведомство, "
        "ведомства, министерство, министерства, орган власти, мақомоти давлатӣ, мақомот, вазорат, state body, "
        "state bodies, ministry, government body",
        OrganisationKind.MEMBER: "член коалиции, члены коалиции, участник коалиции, узви эътилоф, аъзои эътилоф, "
        "member of the coalition, coalition member, members of the coalition",
        OrganisationKind.PUBLIC: "общественная организация, общественные организации, оо, нпо, нко, "
        "ташкилоти ҷамъиятӣ, public organisation, public organization, ngo, ngos",
        OrganisationKind.INTERNATIONAL: "международная организация, международные организации, ташкилоти байналмилалӣ, "
        "созмони байналмилалӣ, international organisation, international organization",
        OrganisationKind.DONOR: "донор, доноры, донорская организация, фонд, посольство, посольства, сафорат, "
        "донорҳо, donor, donors, embassy",
        OrganisationKind.VENUE: "площадка, место проведения, зал, гостиница, ҷойи баргузорӣ, venue, venues, "
        "hall, hotel",
    }
)
OWNERSHIPS = _words(
    {
        Ownership.STATE: "государственная, государственное, государственный, гос, государство, давлатӣ, state",
        Ownership.PRIVATE: "частная, частное, частный, независимое, независимая, хусусӣ, мустақил, private, "
        "independent",
        Ownership.PUBLIC: "общественная организация, общественная, общественное, ҷамъиятӣ, public organisation, public",
        Ownership.FOREIGN: "иностранная, иностранное, зарубежная, зарубежное, хориҷӣ, foreign",
    }
)
FREQUENCIES = _words(
    {
        Frequency.CONTINUOUS: "весь день, круглосуточно, постоянно, шабонарӯзӣ, тамоми рӯз, all day long, continuous",
        Frequency.DAILY: "ежедневно, ежедневная, ежедневный, каждый день, ҳаррӯза, daily",
        Frequency.WEEKLY: "еженедельно, еженедельник, еженедельная, раз в неделю, 1 раз в неделю, ҳафтаина, weekly",
        Frequency.MONTHLY: "ежемесячно, ежемесячник, ежемесячный, раз в месяц, 1 раз в месяц, ҳармоҳа, моҳона, monthly",
        Frequency.RARER: "реже раза в месяц, реже, раз в квартал, ежеквартально, less often than monthly, quarterly",
    }
)
DAYS = _words(
    {
        Weekday.MONDAY: "понедельник, по понедельникам, пн, душанбе, monday",
        Weekday.TUESDAY: "вторник, по вторникам, вт, сешанбе, tuesday",
        Weekday.WEDNESDAY: "среда, по средам, ср, чоршанбе, wednesday",
        Weekday.THURSDAY: "четверг, по четвергам, чт, панҷшанбе, thursday",
        Weekday.FRIDAY: "пятница, по пятницам, пт, ҷумъа, friday",
        Weekday.SATURDAY: "суббота, по субботам, сб, шанбе, saturday",
        Weekday.SUNDAY: "воскресенье, по воскресеньям, вс, якшанбе, sunday",
    }
)
REGIONS = _words(
    {
        Region.DUSHANBE: "душанбе, город душанбе, г душанбе, шаҳри душанбе, dushanbe",
        Region.DISTRICTS: "ррп, районы республиканского подчинения, ноҳияҳои тобеи ҷумҳурӣ, нтҷ, "
        "districts of republican subordination",
        Region.SUGHD: "согд, согдийская область, согдийская, суғд, вилояти суғд, sughd, sughd region",
        Region.KHATLON: "хатлон, хатлонская область, хатлонская, вилояти хатлон, khatlon, khatlon region",
        Region.BADAKHSHAN: "гбао, горно бадахшанская автономная область, бадахшан, вмкб, бадахшони кӯҳӣ, бадахшон, "
        "gbao, mountainous badakhshan, badakhshan",
        Region.ABROAD: "за рубежом, зарубежье, за границей, хориҷа, хориҷи кишвар, abroad",
    }
)
# Beginnings of words.
LANGUAGES = {
    "toj": "tg", "taj": "tg", "tg": "tg", "tj": "tg", "rus": "ru", "ru": "ru", "angl": "en", "eng": "en", "ingl": "en",
    "en": "en", "uzb": "uz", "ozb": "uz", "uz": "uz", "fars": "fa", "fors": "fa", "pers": "fa", "fa": "fa",
    "dari": "fa", "kirg": "ky", "kirgh": "ky", "kyrg": "ky", "ky": "ky", "arab": "ar", "ar": "ar",
}  # fmt: skip
