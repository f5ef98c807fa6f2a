import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm.importing import proposals
from crm.importing.proposals import CAREFUL, LEFT, RETURNED, STOP

EVERYTHING, GREETINGS, INVITATIONS = (STOP, "everything", ""), (STOP, "greetings", ""), (STOP, "invitations", "")


def meanings(text):
    return [(one.kind, str(one.scope), one.channel) for one in proposals.read(text)]


@pytest.mark.parametrize(
    "note",
    [
        "не писать",
        "НЕ ПИСАТЬ!",
        "больше не беспокоить",
        "просьба исключить из рассылки",
        "отписалась в марте",
        "убрать из списка",
        "умер в 2019",
        "чёрный список",
        "ба ин кас нанависед",
        "навиштан лозим нест",
        "ба ӯ фиристода нашавад",
        "вафот кард",
        "please do not contact",
        "Unsubscribed",
        "deceased",
        "больше не пишите ему",
        "не надо ничего присылать",
        "попросил удалить адрес из базы",
        "отказ от рассылки",
        "не хочет получать письма",
        "жалуется на спам",
        "вычеркнуть",
        "погиб",
        "мактуб равон накунед",
        "намехоҳад мактуб гирад",
        "аз рӯихат хорич кунед",
        "asked to be removed",
        "stop sending",
    ],
)
def test_whoever_is_not_to_be_written_to_gets_nothing(note):
    assert meanings(note) == [EVERYTHING]


@pytest.mark.parametrize(
    "note",
    [
        "не слать поздравления",
        "открытки не отправлять",
        "не поздравлять",
        "без открыток",
        "табрик лозим нест",
        "no greeting cards",
        "поздравительные письма не нужны",
        "табрик намехоҳад",
    ],
)
def test_whoever_wants_no_cards_still_gets_letters(note):
    assert meanings(note) == [GREETINGS]


@pytest.mark.parametrize(
    "note", ["не приглашать", "на брифинги не приглашать", "приглашений не слать", "даъват накунед", "do not invite"]
)
def test_whoever_wants_no_invitations_still_gets_letters(note):
    assert meanings(note) == [INVITATIONS]


@pytest.mark.parametrize(
    ("note", "channel"),
    [
        ("только по телефону", "email"),
        ("писать только в вотсап", "email"),
        ("танҳо бо телефон", "email"),
        ("Telegram only", "email"),
        ("на письма не отвечает", "email"),
        ("e-mail не использует", "email"),
        ("писать в вотсап, не на почту", "email"),
        ("почтаашро намехонад", "email"),
        ("doesn't read e-mail", "email"),
        ("на почту не писать", "email"),
        ("не звонить", "phone"),
        ("в Viber не писать", "viber"),
    ],
)
def test_a_way_that_is_not_wanted_is_named(note, channel):
    assert meanings(note) == [(STOP, "channel", channel)]


@pytest.mark.parametrize(
    "note",
    [
        "уволился",
        "уже не работает",
        "перешла на радио",
        "ушёл на пенсию",
        "газета закрыта",
        "ОО ликвидировано",
        "дигар кор намекунад",
        "аз кор рафт",
        "no longer works there",
        "resigned",
        "сменила место работы",
        "больше не сотрудник",
        "освобождён от должности",
        "контракт закончился",
        "газета не выходит",
        "работал до 2017",
        "дар он ҷо дигар нест",
        "ба ҷои дигар рафт",
        "has left the newspaper",
        "works elsewhere now",
    ],
)
def test_whoever_has_left_is_told_from_whoever_wants_no_letters(note):
    assert meanings(note) == [(LEFT, "", "")]


@pytest.mark.parametrize(
    "note",
    [
        "осторожно!",
        "выехала из страны",
        "покинул страну",
        "не указывать в открытой копии",
        "не раскрывать имя",
        "в розыске",
        "эҳтиёт шавед",
        "in exile",
        "left the country",
    ],
)
def test_a_warning_asks_for_more_care(note):
    assert meanings(note) == [(CAREFUL, "", "")]


@pytest.mark.parametrize("note", ["почта не работает", "письма возвращаются", "вернулось", "адрес не существует"])
def test_an_address_that_is_dead_says_nothing_about_the_person(note):
    assert meanings(note) == [(RETURNED, "", "")]


@pytest.mark.parametrize(
    ("note", "until"),
    [
        ("в декрете до 2027", "2027"),
        ("не писать до сентября 2027", "2027-09"),
        ("в отпуске по 12 марта 2027", "2027-03-12"),
        ("не беспокоить до 15.03.2027", "2027-03-15"),
        ("не писать до 2027 г.", "2027"),
        ("то соли 2027 нанависед", "2027"),
        ("on maternity leave until May 2027", "2027-05"),
        ("отписался в 2018", ""),
    ],
)
def test_a_rule_that_ends_says_when(note, until):
    assert [(one.scope, one.until) for one in proposals.read(note)] == [("everything", until)]


@pytest.mark.parametrize(
    "note",
    [
        "хороший контакт",
        "освещает суды",
        "пишет на таджикском",
        "был на тренинге 2019",
        "звонить заранее",
        "писать лучше утром",
        "личный e-mail второй",
        "работает с 2015",
        "открыта к интервью",
        "закрытое заседание освещала",
        "любит открытки",
        "не пишет о политике",
        "не отправил анкету",
        "на английском не писать",
        "по-русски не писать",
        "на рабочий не писать",
        "был в отпуске, вернулся",
        "ушёл на обед",
        "left a message",
        "",
    ],
)
def test_most_notes_ask_for_nothing(note):
    assert meanings(note) == []


@pytest.mark.parametrize(
    "note", ["бывший сотрудник", "экс-редактор", "теперь в Озоди", "собиқ муҳаррир", "former editor"]
)
def test_what_may_be_of_a_life_before_is_offered_but_not_ticked(note):
    assert [(one.kind, one.is_sure) for one in proposals.read(note)] == [(LEFT, False)]


def test_whoever_is_on_leave_has_not_left():
    assert meanings("ушла в отпуск до мая 2027") == [EVERYTHING]


def test_a_note_may_ask_for_several_things():
    assert meanings("Открытки не слать, из газеты уволился") == [GREETINGS, (LEFT, "", "")]


def test_tajik_typed_on_russian_keys_or_in_an_old_font_is_understood():
    assert meanings("дигар ин чо кор намекунад") == meanings("дигар ин љо кор намекунад") == [(LEFT, "", "")]


def test_the_words_are_quoted():
    assert proposals.read(" не писать (сам просил) ")[0].quote == "не писать (сам просил)"


@pytest.mark.parametrize(
    ("cell", "meaning"),
    [("нет", [GREETINGS]), ("не надо", [GREETINGS]), ("да", []), ("НГ", []), ("—", []), ("", []), ("-", [GREETINGS])],
)
def test_a_column_about_cards_asks_for_none_where_it_says_no(cell, meaning):
    assert [(one.kind, str(one.scope), one.channel) for one in proposals.refuses("greetings", cell)] == meaning


@given(st.text(max_size=300))
def test_any_note_is_read_without_an_error(note):
    assert isinstance(proposals.read(note), tuple)


@pytest.mark.parametrize(
    ("column", "scope"), [("greetings", "greetings"), ("invitations", "invitations"), ("mailings", "bulk")]
)
def test_a_column_of_yes_and_no_says_what_is_not_wanted(column, scope):
    assert [(one.kind, one.scope, one.source) for one in proposals.refuses(column, "нет")] == [
        ("stop", scope, "column")
    ]
