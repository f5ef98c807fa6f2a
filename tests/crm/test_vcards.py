import pytest
import vobject
from django.core.files.uploadedfile import SimpleUploadedFile
from hypothesis import given
from hypothesis import strategies as st

from core.text import clean
from crm.actions.exports import take_out
from crm.actions.imports import commit, plan_for, receive
from crm.importing import headers, plan, reader, vcards
from crm.importing.reader import Sheet, UnreadableFile
from crm.models import Contact, Export, PersonName, Phone
from crm.vcards import write
from tests.factories.exports import empty, everything, exporter, make_contact, unchanged

VERSIONS = ["vcf3", "vcf4"]


def table(data: bytes | str) -> list[dict[str, str]]:
    """What stands in the cells of each card, by heading, without the empty ones."""
    header, *cards = vcards.rows(data.encode() if isinstance(data, str) else data, 1_000)
    return [{name: text for name, text in zip(header, card, strict=True) if text} for card in cards]


def card(*lines: str, version: str = "3.0", end: str = "\r\n") -> str:
    return end.join(["BEGIN:VCARD", f"VERSION:{version}", *lines, "END:VCARD", ""])


def quoted(text: str, encoding: str = "utf-8") -> str:
    return "".join(f"={byte:02X}" for byte in text.encode(encoding))


def folded(line: str, every: int = 73) -> str:
    """Broken as Android does it: at so many signs, wherever that is, even within a letter."""
    head, colon, value = line.partition(":")
    return head + colon + "=\r\n".join(value[at : at + every] for at in range(0, len(value), every))


# Cards of other programs


def test_a_card_of_an_old_android_keeps_its_whole_name():
    head = "CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE"
    text = card(
        folded(f"N;{head}:{quoted('Холова-Раҳматуллоева')};{quoted('Зарина')};{quoted('Ҷамшедовна')};;"),
        folded(f"FN;{head}:{quoted('Зарина Ҷамшедовна Холова-Раҳматуллоева')}"),
        "TEL;CELL;PREF:+992930001122",
        "TEL;WORK:372210000",
        "EMAIL;HOME:zarina@navid.test",
        f"ORG;{head}:{quoted('Радиои Озодӣ')}",
        version="2.1",
    )

    assert table(text) == [
        {
            "Full name": "Холова-Раҳматуллоева Зарина Ҷамшедовна",
            "Given name": "Зарина",
            "Organisation": "Радиои Озодӣ",
            "E-mail": "zarina@navid.test",
            "Telephone": "+992930001122, 372210000",
        }
    ]


@pytest.mark.parametrize("indent", ["", " "], ids=["as Android", "indented"])
def test_a_text_broken_within_a_letter_is_put_together(indent):
    name = quoted("Ҷамшед")
    text = card(f"FN;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:{name[:3]}=\r\n{indent}{name[3:]}", version="2.1")

    assert table(text) == [{"Full name": "Ҷамшед"}]


def test_a_text_that_ends_in_a_soft_break_ends_there():
    text = card(f"FN;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:{quoted('Умар')}=", "", "TEL:+992930001122", version="2.1")

    assert table(text) == [{"Full name": "Умар", "Telephone": "+992930001122"}]


def test_a_card_of_an_iphone_is_read():
    text = card(
        "PRODID:-//Apple Inc.//iPhone OS 17.4//EN",
        "N:Холов;Ҷамшед;;;",
        "FN:Ҷамшед Холов",
        "ORG:Азия-Плюс\\, ҶДММ;Отдел новостей",
        "TITLE:редактор",
        "item1.EMAIL;type=INTERNET;type=pref:jamshed@navid.test",
        "item1.X-ABLabel:_$!<Work>!$_",
        "TEL;type=CELL;type=VOICE;type=pref:+992 93 000 11 22",
        "NOTE:первая\\nвторая\\; и третья",
        "BDAY;VALUE=date:1980-03-21",
        "PHOTO;ENCODING=b;TYPE=JPEG:/9j/4AAQSkZJRgABAQAAAQABAAD",
        " 2wBDAAgGBgcGBQgHBwcJ",
    )

    assert table(text) == [
        {
            "Full name": "Холов Ҷамшед",
            "Given name": "Ҷамшед",
            "Organisation": "Азия-Плюс, ҶДММ",
            "Position": "редактор, Отдел новостей",
            "E-mail": "jamshed@navid.test",
            "Telephone": "+992 93 000 11 22",
            "Note": "первая\nвторая; и третья\nДень рождения: 1980-03-21",
        }
    ]


@pytest.mark.parametrize("coded", [False, True], ids=["raw", "quoted-printable"])
def test_a_card_of_outlook_in_cp1251_is_read(coded):
    def line(name, text):
        if not coded:
            return f"{name};CHARSET=windows-1251:{text}"
        parts = ";".join(quoted(part, "cp1251") for part in text.split(";"))
        return f"{name};ENCODING=QUOTED-PRINTABLE;CHARSET=windows-1251:{parts}"

    text = card(
        "X-MS-OL-DEFAULT-POSTAL-ADDRESS:2",
        line("N", "Каримов;Умар"),
        line("FN", "Умар Каримов"),
        line("ORG", "Министерство юстиции;Пресс-центр"),
        line("ADR;WORK;PREF", ";;ул. Рудаки, 1;Душанбе;;734000;Таджикистан"),
        "TEL;WORK;VOICE:+992 (37) 221-00-00",
        "EMAIL;PREF;INTERNET:umar@ministry.test",
        version="2.1",
    )

    assert table(text.encode("cp1251")) == [
        {
            "Full name": "Каримов Умар",
            "Given name": "Умар",
            "Organisation": "Министерство юстиции",
            "Position": "Пресс-центр",
            "E-mail": "umar@ministry.test",
            "Telephone": "+992 (37) 221-00-00",
            "City": "Душанбе",
            "Postal address": "ул. Рудаки, 1\n734000\nТаджикистан",
        }
    ]


def test_of_two_postal_addresses_the_first_goes_to_letters_and_the_other_to_the_note():
    text = card("FN:Умар", "ADR:;;ул. Рудаки, 1;Душанбе;;;", "ADR:12;;ул. Садовая\\, 5;Хорог;;736000;")

    assert table(text) == [
        {
            "Full name": "Умар",
            "City": "Душанбе",
            "Postal address": "ул. Рудаки, 1",
            "Note": "Адрес: 12, ул. Садовая, 5, 736000",
        }
    ]


def test_a_card_of_nextcloud_is_read():
    text = card(
        "UID:7c8f2e8a-1c55-4f5e-9c7e-1b0d6e5f4a3b",
        "FN:Фирӯз Ғайратов",
        "N:Ғайратов;Фирӯз;;;",
        'TEL;TYPE="cell,voice";VALUE=uri:tel:+992-93-000-11-22;ext=5',
        "EMAIL;TYPE=WORK:mailto:firuz@navid.test",
        "LANG;PREF=2:ru-RU",
        "LANG;PREF=1:tg",
        "IMPP:telegram:@firuz",
        "BDAY:--0321",
        "CATEGORIES:пресса,друзья",
        version="4.0",
        end="\n",
    )

    assert table(text) == [
        {
            "Full name": "Ғайратов Фирӯз",
            "Given name": "Фирӯз",
            "E-mail": "firuz@navid.test",
            "Telephone": "+992-93-000-11-22",
            "Language": "Tajik, Russian",
            "Note": "День рождения: --0321\nГруппы: пресса,друзья\nМессенджер: telegram:@firuz",
        }
    ]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_cards_in_unicode_are_told_by_their_beginning(encoding):
    sheets = reader.read(card("FN:Ҷамшед Холов", "TEL:+992930001122").encode(encoding))

    assert [row[1] for sheet in sheets for row in sheet.rows] == ["Full name", "Ҷамшед Холов"]


def test_signs_that_divide_nothing_cut_nothing():
    """vobject keeps of «Холов, Умар; мл.» the first word alone."""
    text = card("FN:Холов, Умар; мл.", "NOTE:а, б; в", "ORG:Азия, Плюс", "TITLE:пресс, секретарь", version="2.1")

    assert table(text) == [
        {
            "Full name": "Холов, Умар; мл.",
            "Organisation": "Азия, Плюс",
            "Position": "пресс, секретарь",
            "Note": "а, б; в",
        }
    ]


@pytest.mark.parametrize(
    ("lines", "read"),
    [
        (["FN;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:=D0=90=D0"], "А\ufffd"),
        (["FN;CHARSET=KLINGON;ENCODING=QUOTED-PRINTABLE:=D0=90"], "А"),
        (["FN:Умар", "PHOTO;ENCODING=b:!!!x"], "Умар"),
        (["FN:Умар", "мусор без двоеточия"], "Умар"),
        (["FN:Умар", "BDAY:вчера", "REV:x", "GEO:y"], "Умар"),
        (["FN:Умар", 'TEL;TYPE="a:+1'], "Умар"),
    ],
)
def test_what_is_broken_in_a_card_costs_no_other(lines, read):
    cards = table(card(*lines, version="2.1") + card("FN:Следующая"))

    assert [one["Full name"] for one in cards] == [read, "Следующая"]


def test_a_card_that_never_ends_ends_where_the_next_begins():
    assert table("BEGIN:VCARD\nFN:Первая\nBEGIN:VCARD\nFN:Вторая") == [{"Full name": "Первая"}, {"Full name": "Вторая"}]


@given(st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=300))
def test_no_text_between_begin_and_end_breaks_the_reading(text):
    assert len(vcards.rows(f"BEGIN:VCARD\n{text}\nEND:VCARD\nBEGIN:VCARD\nFN:x\nEND:VCARD".encode(), 9)) > 1


def test_more_cards_than_the_limit_are_refused(monkeypatch):
    monkeypatch.setattr(reader, "MAX_SHEET_ROWS", 2)

    with pytest.raises(UnreadableFile):
        reader.read(card("FN:Один").encode() * 4)


@pytest.mark.django_db
def test_cards_take_the_way_of_any_list():
    make_contact("Холов Ҷамшед", emails=["jamshed@navid.test"])
    text = card("N:Холов;Ҷамшед;;;", "FN:Ҷамшед Холов", "EMAIL:jamshed@navid.test", "TEL:93 000 11 22", version="2.1")
    text += card("FN:Каримов Умар", "EMAIL:umar@navid.test")
    upload = SimpleUploadedFile("Контакты.vcf", text.encode())
    batch = receive(upload, by=exporter(), kind="partner", basis="unknown")
    seen = plan_for(batch)
    commit(batch, by=exporter())

    assert [(row.outcome, row.title) for row in seen.rows] == [("changed", "Холов Ҷамшед"), ("created", "Каримов Умар")]
    assert batch.file.name.endswith(".vcf")
    assert [(one.name, one.kind, [str(phone) for phone in one.phones.all()]) for one in Contact.objects.all()] == [
        ("Каримов Умар", "partner", []),
        ("Холов Ҷамшед", "journalist", ["+992930001122"]),
    ]


# Our own cards


def taken(format: str, *, with_notes: bool = False, contacts=None) -> tuple[Export, bytes]:
    return take_out(
        Contact.objects.all() if contacts is None else contacts,
        by=exporter(),
        reason="Список для телефона",
        rule={"query": "", "words": "Все"},
        format=format,
        write=lambda export, people: write(export, people, with_notes=with_notes),
    )


def planned(content: bytes):
    sheets = [Sheet("", vcards.rows(content, 1_000))]
    return plan.make(plan.read(sheets, headers.guess(sheets)))


def bring_in(content: bytes) -> None:
    batch = receive(SimpleUploadedFile("x.vcf", content), by=exporter(), kind="other", basis="unknown")
    commit(batch, by=exporter())


def make_people():
    make_contact(
        "Холов Ҷамшед Раҳимович",
        given_name="Ҷамшед",
        kind="partner",
        languages="tg ru",
        city="Хуҷанд",
        postal_address="735700, ул. Ленина, 5; кв. 3\nдля Ҷамшеда \\ лично",
        sensitivity="internal",
        emails=["jamshed@navid.test", "j@home.test"],
        phones=["+992930001122"],
        positions=[("Азия, Плюс; ҶДММ", "редактор, зам."), ("Навид", "")],
        note="=сначала\nпотом, и ещё; \\ всё",
    )
    make_contact("Пресс-центр (юрист)", kind="press_service")


@pytest.mark.django_db
@pytest.mark.parametrize("format", VERSIONS)
def test_our_cards_change_nothing_where_they_left(format):
    make_people()

    assert planned(taken(format, with_notes=True)[1]).tally == unchanged(2)


@pytest.mark.django_db
@pytest.mark.parametrize("format", VERSIONS)
def test_our_cards_bring_the_same_people_elsewhere(format):
    make_people()
    before, (_made, content) = everything(), taken(format, with_notes=True)
    empty()
    bring_in(content)

    assert everything() == before


NAMES = st.text(
    st.characters(whitelist_categories=["Lu", "Ll", "Nd", "Pd", "Po", "Ps", "Pe"], max_codepoint=0x052F)
    | st.sampled_from("ҒғӢӣҚқӮӯҲҳҶҷЁё ,;:\\\"'=+@"),
    min_size=1,
    max_size=90,
)


@pytest.mark.django_db
@given(name=NAMES)
@pytest.mark.parametrize("format", VERSIONS)
def test_a_name_comes_back_to_the_letter(format, name):
    name = clean(name) or "x"
    contact = Contact(pk=7, name=name)
    contact._prefetched_objects_cache = dict.fromkeys(
        ("names", "emails", "phones", "positions"), Contact.objects.none()
    )
    content = write(Export(format=format, mark="V-2345-67"), [contact], with_notes=False)
    sheet = Sheet("", vcards.rows(content, 9))
    records = [record for reading in plan.read([sheet], headers.guess([sheet])) for record in reading.records]

    assert [record.name for record in records] == [name]


@pytest.mark.django_db
@pytest.mark.parametrize(("format", "version"), [("vcf3", "3.0"), ("vcf4", "4.0")])
def test_a_card_says_what_a_telephone_shows(format, version):
    contact = make_contact(
        "Холов Ҷамшед",
        languages="tg ru",
        birth_day=21,
        birth_month=3,
        emails=["jamshed@navid.test"],
        phones=["+992930001122"],
        positions=[("Навид", "редактор")],
        city="Душанбе",
        postal_address="ул. Рудаки, 1\n734000",
        note="только по вечерам",
    )
    PersonName.objects.create(contact=contact, language="tg", surname="Холов", given_name="Ҷамшед", patronymic="Раҳим")
    Phone.objects.update(messengers="telegram imo")
    made, content = taken(format)
    read = vobject.readOne(content.decode())
    text = {line.name: line.value for line in read.getChildren()}

    assert (text["VERSION"], text["FN"], text["TITLE"], text["ORG"]) == (version, "Холов Ҷамшед", "редактор", ["Навид"])
    assert (text["ADR"].street, text["ADR"].city) == ("ул. Рудаки, 1\n734000", "Душанбе")
    assert (text["N"].family, text["N"].given, text["N"].additional) == ("Холов", "Ҷамшед", "Раҳим")
    assert (read.tel.value, read.tel.type_param, [line.value for line in read.impp_list]) == (
        "+992930001122",
        "CELL",
        ["telegram:+992930001122", "imo:+992930001122"],
    )
    assert [(line.value, line.params["PREF"]) for line in read.lang_list] == [("tg", ["1"]), ("ru", ["2"])]
    assert (text.get("BDAY"), text.get("NOTE"), text["X-PAYOM-EXPORT"]) == (
        "--0321" if version == "4.0" else None,
        None,
        made.mark,
    )


@pytest.mark.django_db
def test_a_way_that_is_used_no_more_is_on_no_card():
    contact = make_contact("Холов Ҷамшед", emails=["old@navid.test", "new@navid.test"])
    contact.emails.filter(address="old@navid.test").update(retired_on="2026-01-01")

    assert [one["E-mail"] for one in table(taken("vcf3")[1])] == ["new@navid.test"]


@pytest.mark.django_db
def test_the_same_contact_has_the_same_identity_in_each_export():
    make_contact("Холов Ҷамшед")
    first, second = (vobject.readOne(taken("vcf3")[1].decode()).uid.value for _time in range(2))

    assert (first, first.startswith("urn:uuid:")) == (second, True)


@pytest.mark.django_db
def test_a_sealed_contact_is_on_no_card():
    make_contact("Каримов Умар")
    make_contact("Скрытая Марзия", sensitivity="sealed", emails=["marzia@navid.test"])

    assert [one["Full name"] for one in table(taken("vcf3")[1])] == ["Каримов Умар"]


@pytest.mark.django_db
@pytest.mark.parametrize("people", [1, 3])
def test_the_number_of_queries_does_not_grow_with_the_cards(people, django_assert_num_queries):
    for number in range(people):
        make_contact(f"Человек{number}", emails=[f"a{number}@navid.test"], positions=[(f"ТВ{number}", "")])
    exporter()
    with django_assert_num_queries(14):
        taken("vcf3")
