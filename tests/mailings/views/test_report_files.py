"""What leaves a report, and who may take it."""

import io
from datetime import timedelta

import pytest
from django.utils import timezone
from openpyxl import load_workbook
from pypdf import PdfReader

from accounts.roles import Role
from audit import append_only
from audit.models import Entry
from crm.models import Contact, Export, Segment
from mailings.models import Evidence
from mailings.pipeline import ledger
from tests.factories.contacts import make_staff
from tests.factories.mailings import make_draft, make_reader
from tests.factories.measuring import URL, make_delivered, make_office, read_by
from tests.factories.touches import make_stop

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("own_visits")]
REASON = "Показать министерству, когда дошло"


def post(client, path, **fields):
    return client.post(path, fields)


def test_tables_leave_as_csv(client_of):
    make_reader()
    mailing = make_delivered()
    client = client_of(make_staff(Role.VIEWER))
    answer = post(client, f"/mailings/{mailing.pk}/report/export/", format="csv", table="languages")

    lines = answer.content.decode("utf-8-sig").splitlines()
    assert (answer["Content-Type"], lines[1], Entry.objects.filter(action="mailings.report.exported").count()) == (
        "text/csv; charset=utf-8",
        "русский;1;1;100;0;0;0",
        1,
    )


def taken(client, mailing, table):
    answer = post(client, f"/mailings/{mailing.pk}/report/export/", format="csv", table=table)
    return answer.content.decode("utf-8-sig").splitlines()[1:]


def test_totals_leave_with_their_shares(client_of):
    make_office("a@ministry.test", "Первая")
    make_office("b@ministry.test", "Вторая")
    mailing = make_delivered()
    one = mailing.deliveries.get(name="Первая")
    read_by(one)
    mailing.deliveries.filter(pk=one.pk).update(unsubscribed_at=timezone.now(), complained_at=timezone.now())
    rows = dict(row.split(";", 1) for row in taken(client_of(make_staff(Role.VIEWER)), mailing, "totals")[:12])

    assert [rows[name] for name in ("Доставлено", "Отписались", "Назвали спамом", "Открыли", "Перешли по ссылке")] == [
        "2;100",
        "1;50",
        "1;50",
        "1;50",
        "0;0",
    ]


def test_hours_leave_with_letters_and_people(client_of):
    make_office()
    mailing = make_delivered()
    read_by(mailing.deliveries.get(), minutes=30, url=URL)
    rows = taken(client_of(make_staff(Role.VIEWER)), mailing, "hours")

    assert [row.split(";")[1:] for row in rows] == [["1", "0", "0", "0"]] + [["1", "0", "1", "1"]] * 3


def test_hours_of_what_is_not_measured_are_of_letters_alone(client_of):
    make_reader()
    rows = taken(client_of(make_staff(Role.VIEWER)), make_delivered(""), "hours")

    assert [row.split(";")[1:] for row in rows] == [["1", "0", "", ""]] * 4


def test_links_leave_with_their_people(client_of):
    make_office()
    mailing = make_delivered()
    read_by(mailing.deliveries.get(), url=URL)

    assert taken(client_of(make_staff(Role.VIEWER)), mailing, "links") == [f"{URL};1;1;0"]


@pytest.mark.parametrize(
    ("table", "expected"),
    [
        ("groups", "Пресс-службы, русский;1;1;100;1;1;0"),
        ("outlets", "Не указано;1;1;100;1;1;0"),
        ("providers", "Другие домены;1;1;100;1;1;0"),
    ],
)
def test_groups_leave_with_who_opened(client_of, table, expected):
    make_office()
    mailing = make_delivered()
    read_by(mailing.deliveries.get())

    assert taken(client_of(make_staff(Role.VIEWER)), mailing, table)[0] == expected


def test_all_tables_leave_as_a_workbook_without_formulas(client_of):
    make_reader(name="=1+1")
    mailing = make_delivered()
    answer = post(client_of(make_staff(Role.VIEWER)), f"/mailings/{mailing.pk}/report/export/", format="xlsx")

    book = load_workbook(io.BytesIO(answer.content))
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    assert (len(book.sheetnames), [cell.value for cell in cells if cell.data_type == "f"]) == (11, [])


def test_report_leaves_on_paper(client_of):
    make_reader()
    mailing = make_delivered()
    answer = post(client_of(make_staff(Role.VIEWER)), f"/mailings/{mailing.pk}/report/export/", format="pdf")

    text = PdfReader(io.BytesIO(answer.content)).pages[0].extract_text()
    assert (mailing.title in text, "reader@navid.test" in text) == (True, False)


def test_unknown_kind_of_file_is_refused_in_words(client_of):
    make_reader()
    mailing = make_delivered()
    answer = post(client_of(make_staff(Role.VIEWER)), f"/mailings/{mailing.pk}/report/export/", format="exe")

    assert (answer.status_code, Entry.objects.filter(action="mailings.report.exported").count()) == (302, 0)


def test_list_is_made_of_the_people_behind_a_figure(boss):
    make_office("a@ministry.test", "Открыла")
    make_office("b@ministry.test", "Молчит")
    mailing = make_delivered()
    read_by(mailing.deliveries.get(name="Открыла"))
    answer = post(boss, f"/mailings/{mailing.pk}/report/list/", name="Открыли", colour="gold", query="state=opened")

    segment = Segment.objects.get()
    assert (answer.status_code, segment.kind, [one.name for one in segment.members.all()]) == (302, "list", ["Открыла"])


def test_list_without_a_name_is_asked_for_again(boss):
    make_office()
    answer = post(boss, f"/mailings/{make_delivered().pk}/report/list/", name="", colour="gold", query="state=sent")

    assert (answer.status_code, 'value="state=sent"' in answer.content.decode(), Segment.objects.count()) == (
        422,
        True,
        0,
    )


def test_recipients_leave_within_the_rules_of_exports(boss):
    make_reader("a@navid.test", name="Первая")
    make_reader("b@navid.test", name="Закрытая", sensitivity="sealed")
    mailing = make_delivered()
    answer = post(boss, f"/mailings/{mailing.pk}/report/people/", reason=REASON, format="csv", query="")

    text, export = answer.content.decode("utf-8-sig"), Export.objects.get()
    assert ("a@navid.test" in text, "Закрытая" in text, export.mark in text, export.rows) == (True, False, True, 1)


def test_nothing_leaves_without_a_reason(boss):
    make_reader()
    answer = post(boss, f"/mailings/{make_delivered().pk}/report/people/", reason="", format="csv", query="")

    assert (answer.status_code, Export.objects.count()) == (422, 0)


@pytest.mark.parametrize("what", ["people", "evidence"])
@pytest.mark.parametrize("role", [Role.EDITOR, Role.VIEWER])
def test_who_may_not_export_takes_no_people_out(client_of, role, what):
    make_reader()
    answer = client_of(make_staff(role)).post(f"/mailings/{make_delivered().pk}/report/{what}/", {"reason": REASON})

    assert (answer.status_code, Export.objects.count()) == (403, 0)


def test_evidence_leaves_signed_and_written_down(boss):
    make_reader()
    mailing = make_delivered()
    ledger.record()
    answer = post(boss, f"/mailings/{mailing.pk}/report/evidence/", reason=REASON)

    content = ledger.verify(answer.content, key=ledger.public_key())
    assert (
        content["recipients"]["1"]["address"],
        Export.objects.get().rows,
        Entry.objects.filter(action="mailings.evidence.exported").count(),
    ) == ("reader@navid.test", 1, 1)


def test_broken_chain_is_told_and_nothing_leaves(boss):
    make_reader()
    mailing = make_delivered()
    ledger.record()
    # As whoever owns the database can.
    append_only.remove(Evidence._meta.db_table)
    mailing.evidence.update(code=550)
    answer = post(boss, f"/mailings/{mailing.pk}/report/evidence/", reason=REASON)

    assert (answer.status_code, Export.objects.count()) == (422, 0)


def test_draft_has_no_files_of_a_report(boss):
    draft = make_draft()

    assert boss.post(f"/mailings/{draft.pk}/report/export/", {"format": "csv"}).status_code == 404


def test_reports_across_mailings_open_when_there_are_none(client_of):
    page = client_of(make_staff(Role.VIEWER)).get("/mailings/reports/")

    assert (page.status_code, page.context["everybody"].total.letters) == (200, 0)


@pytest.mark.parametrize("kind", ["csv", "xlsx", "pdf"])
def test_reports_across_mailings_leave_as_a_file(client_of, kind):
    answer = post(client_of(make_staff(Role.VIEWER)), "/mailings/reports/export/", format=kind, table="months")

    assert (answer.status_code, answer["Content-Disposition"].endswith(f'.{kind}"')) == (200, True)


def test_silent_page_names_visible_people_only(client_of):
    page = client_of(make_staff(Role.VIEWER)).get("/mailings/reports/silent/")

    assert (page.status_code, list(page.context["page_obj"])) == (200, [])


@pytest.fixture
def silent():
    """Somebody who has got letters for long and never said a word."""
    make_reader("quiet@navid.test", name="Молчит давно")
    make_delivered("")
    Contact.objects.update(created_at=timezone.now() - timedelta(days=400))


def test_who_is_silent_becomes_a_list(boss, silent):
    answer = boss.post("/mailings/reports/silent/list/", {"name": "Позвонить", "colour": "gold"})

    [segment] = Segment.objects.filter(name="Позвонить")
    assert answer.status_code == 302
    assert [one.name for one in segment.members.all()] == ["Молчит давно"]


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_who_is_silent_leaves_within_the_rules_of_exports(boss, silent, kind):
    refused = boss.post("/mailings/reports/silent/people/", {"format": kind})
    answer = boss.post("/mailings/reports/silent/people/", {"format": kind, "reason": "Обзвонить тех, кто молчит"})

    assert (refused.status_code, answer.status_code, Export.objects.get().rows) == (422, 200, 1)
    if kind == "csv":
        assert "Молчит давно" in answer.content.decode("utf-8-sig")


@pytest.mark.parametrize("path", ["list", "people"])
def test_viewer_neither_lists_nor_takes_out_who_is_silent(client_of, silent, path):
    assert client_of(make_staff(Role.VIEWER)).get(f"/mailings/reports/silent/{path}/").status_code == 403


@pytest.mark.parametrize("table", ["problems", "left out", "earlier"])
def test_every_table_of_a_report_leaves_by_itself(client_of, table):
    make_reader()
    mailing = make_delivered()
    mailing.deliveries.update(status="failed", bounce_class="hard", code=550, reply="550 5.1.1 <a@navid.test> unknown")
    answer = post(
        client_of(make_staff(Role.VIEWER)), f"/mailings/{mailing.pk}/report/export/", format="csv", table=table
    )
    text = answer.content.decode("utf-8-sig")

    assert (answer.status_code, "a@navid.test" in text, len(text.splitlines())) == (
        200,
        False,
        2 if table == "problems" else 1,
    )


def test_health_of_the_list_leaves_as_a_table(client_of):
    make_reader()
    answer = post(client_of(make_staff(Role.VIEWER)), "/mailings/reports/export/", format="csv", table="health")

    assert answer.content.decode("utf-8-sig").splitlines()[1] == "Можно писать;1"


@pytest.fixture
def left_out():
    """A mailing that somebody without an address was left out of, and somebody who asked for no letters."""
    make_reader()
    make_stop(make_reader("no@navid.test", name="Не хочет"))
    make_reader("", name="Без адреса")
    return make_delivered("")


def test_who_was_left_out_for_a_reason_becomes_a_list(boss, left_out):
    reason = left_out.exclusions.get(name="Без адреса").reason
    path = f"/mailings/{left_out.pk}/left-out/list/"
    answer = post(boss, path, name="Найти адреса", colour="gold", query=f"reason={reason}")

    assert answer.status_code == 302
    assert [one.name for one in Segment.objects.get().members.all()] == ["Без адреса"]


def test_who_was_left_out_leaves_with_the_reason(boss, left_out):
    path = f"/mailings/{left_out.pk}/left-out/people/"
    rows = post(boss, path, format="csv", reason=REASON).content.decode("utf-8-sig").splitlines()[1:]

    assert sorted(row.split(";")[0] for row in rows) == sorted(left_out.exclusions.values_list("name", flat=True))
