"""The titles people give to columns in Russian, Tajik and English, folded as `core.text.fold` folds them. Pure."""

import re

from core.text import fold

_TITLES = {
    "name": (
        "фио, ф и о, фамилия имя отчество, фамилия имя, фамилия и имя, имя фамилия, имя и фамилия, имя "
        "отчество фамилия, полное имя, контактное лицо, контактные лица, контактный человек, сотрудник, "
        "журналист, корреспондент, представитель, участник, ответственное лицо, ответственный, кому, name, "
        "full name, contact person, contact name, person, journalist, participant, representative, ному "
        "насаб, насабу ном, ном ва насаб, насаб ва ном, насаб ном, ном насаб, ном насаб номи падар, насаб ном "
        "номи падар, шахси тамос, шахси масъул, шахси алоқа, рӯзноманигор, хабарнигор, иштирокчӣ, ба кӣ"
    ),
    "surname": "фамилия, фам, насаб, surname, last name, family name, lastname",
    "given_name": "имя, ном, given name, first name, forename, firstname",
    "patronymic": "отчество, номи падар, patronymic, middle name",
    "organisation": (
        "организация, организации, название сми, сми, издание, редакция, ведомство, учреждение, место работы, "
        "работа, компания, орган, название организации, наименование организации, наименование сми, "
        "наименование, название, государственный орган, госорган, министерство, агентство, учреждение, "
        "организация, партнер, медиа, outlet, media, media outlet, organisation, organization, org, company, "
        "agency, employer, institution, newsroom, publication, ташкилот, номи ташкилот, созмон, номи созмон, "
        "идора, муассиса, "
        "мақомот, нашрия, вао, номи вао, расона, воситаи ахбори омма, ҷои кор, ҷойи кор, рӯзнома"
    ),
    "title": (
        "должность, должность звание, звание, позиция, пост, роль, position, title, job title, job, role, "
        "post, вазифа, мансаб, унвон, рутба"
    ),
    "emails": (
        "email, e mail, mail, mails, emails, e mails, почта, эл почта, элпочта, электронная почта, эл адрес, "
        "электронный адрес, эл адреса, имейл, имэйл, емейл, мейл, мэйл, емайл, адрес электронной почты, адрес "
        "эл почты, почтовый ящик, email address, e mail address, electronic mail, почтаи электронӣ, суроғаи "
        "электронӣ, нишонии электронӣ, почтаи элект, почтаи эл, имейли, суроғаи почтаи электронӣ"
    ),
    "phones": (
        "телефон, телефоны, тел, моб, мобильный, мобильный телефон, номер телефона, контактный "
        "телефон, сотовый, сот, телефон рабочий, phone, phones, tel, telephone, mobile, mobile phone, cell, "
        "phone number, телефони мобилӣ, рақами телефон, телефони корӣ, whatsapp, вотсап, ватсап"
    ),
    "contacts": (
        "контакты, контакт, контактные данные, контактная информация, связь, contacts, contact, contact "
        "details, contact information, тамос, маълумот барои тамос, алоқа"
    ),
    "kind": "кто, тип контакта, категория контакта, who, kind of contact, contact type, кӣ, навъи тамос",
    "languages": (
        "язык, языки, язык рассылки, язык общения, language, languages, lang, preferred language, забон, "
        "забонҳо, забони мукотиба"
    ),
    "city": (
        "город, регион, область, район, местность, город регион, страна город, населенный пункт, место, city, "
        "region, location, town, place, city region, шаҳр, вилоят, минтақа, ноҳия, шаҳр вилоят, ҷой"
    ),
    "postal_address": (
        "почтовый адрес, адрес почтовый, адрес для писем, домашний адрес, postal address, mailing address, "
        "street address, нишонии почтавӣ, суроғаи почта, суроғаи хона"
    ),
    "ignore": "п п, no п п, номер п п, n п п, нн, no, n, т р, подпись, signature, имзо",
    "note": (
        "статус, состояние, ҳолат, status, "
        "примечание, примечания, прим, заметка, заметки, комментарий, комментарии, коммент, отметка, отметки, "
        "note, notes, comment, comments, remark, remarks, эзоҳ, эзоҳот, қайд, қайдҳо, шарҳ, тавзеҳ"
    ),
    "salutation": (
        "обращение, обращения, как обращаться, форма обращения, муроҷиат, шакли муроҷиат, salutation, form of address"
    ),
    "greetings": (
        "поздравлять, поздравления, поздравлять с праздниками, поздравить, открытка, открытки, табрик, табрикот, "
        "табрикнома, greet, greetings, cards, greeting cards"
    ),
    "invitations": (
        "приглашать, приглашения, приглашать на мероприятия, приглашать на пресс-конференции, даъват, invite, "
        "invitations"
    ),
    "mailings": (
        "рассылка, рассылать, слать рассылку, получает рассылку, в рассылке, подписка, подписан, обуна, mailing, "
        "mailing list, subscribed, newsletter"
    ),
    "sent": (
        "отправлено, отправлена, отправка, доставлено, доставка, вернулось, возврат, отметка об отправке, ирсол шуд, "
        "фиристода шуд, sent, delivered, returned, delivery"
    ),
}


def aliases(titles: dict[str, str]) -> dict[str, str]:
    """The field of each title, folded: {"a": "x, y"} becomes {"x": "a", "y": "a"}."""
    return {fold(re.sub(r"[^\w]+", " ", title)): name for name, line in titles.items() for title in line.split(",")}


ALIASES = aliases(_TITLES)
# Words that mean this only when they stand alone: «Название мероприятия» is no organisation, «Место рождения» no city.
_ONLY_WHOLE = (
    "название, наименование, имя, ном, name,  место, работа, job, post, title, пост, роль, "
    "орган, медиа, media, person, place, связь, mail, сот, отметка, ҷой, кому, ба кӣ, ответственный, район, "
    "contact, контакт, role, кто, кӣ, who"
)
ONLY_WHOLE = {fold(word) for word in _ONLY_WHOLE.split(",")}

# What a sheet is called tells who is on it. Beginnings of words, as people name such sheets; the first that fits wins.
SHEET_KINDS = {
    "press_service": "гос, власт, орган, ведомств, министерств, прокуратур, пресс-служб, давлат, мақомот, "
    "хадамоти матбуот, state, government, press service",
    "partner": "партн, нпо, ноо, обществ, международн, донор, посольств, коалици, член, шарик, созмон, ташкилот, "
    "байналмилал, сафорат, partner, ngo, international, donor, embass, member",
    "journalist": "сми, журналист, редакц, пресса, газет, тв, радио, рӯзноманигор, расона, вао, media, press, "
    "journalist",
}
