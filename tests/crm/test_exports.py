"""What leaves as a file, what never does, and what is written down of it."""

from datetime import timedelta
from threading import Barrier, Thread

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connection
from django.utils import timezone

from accounts.actions.lockdown import lock_down
from accounts.models import User
from audit.models import Entry
from crm.actions.exports import Refused, left_today, take_out
from crm.actions.organisations import restrict
from crm.importing import exported
from crm.importing.remarks import Remark
from crm.models import Contact, Export, Organisation, Position
from tests.factories.contacts import change
from tests.factories.exports import FORMATS, bring_in, cells, empty, export, exporter, make_contact, planned, unchanged

pytestmark = pytest.mark.django_db


# Who never leaves


@pytest.mark.parametrize("role", ["editor", "head"])
@pytest.mark.parametrize("format", FORMATS)
def test_a_sealed_contact_never_leaves(format, role):
    make_contact("Каримов Умар", sensitivity="internal")
    make_contact("Скрытая Марзия", sensitivity="sealed", emails=["marzia@navid.test"], note="тайна")
    made, content = export(format, by=exporter(role=role))

    assert ([row[1] for row in cells(content, format)[1:]], made.rows) == (["Каримов Умар"], 1)


@pytest.mark.parametrize(
    ("role", "leave"), [("editor", ["Каримов Умар"]), ("head", ["Каримов Умар", "Запретный Иван"])]
)
def test_only_those_leave_whom_the_person_may_see(role, leave):
    make_contact("Каримов Умар")
    make_contact("Запретный Иван", positions=[("Запрещённая", "")])
    restrict("Запрещённая", on=timezone.localdate(), note="суд", by="test")
    _export, content = export("csv", by=exporter(role=role))

    assert {row[1] for row in cells(content, "csv")[1:]} == set(leave)


def test_a_contact_sealed_since_stays_as_it_is_whatever_the_file_says():
    contact = make_contact("Каримов Умар", emails=["umar@navid.test"], positions=[("ТВ", "")])
    _export, content = export("csv")
    change(contact, sensitivity="sealed", emails=["other@navid.test"], organisation="Газета")
    plan_of_file = planned(content, "csv")

    assert (plan_of_file.tally, [row.remarks for row in plan_of_file.rows], plan_of_file.to_write) == (
        unchanged(1),
        [[Remark("sealed")]],
        0,
    )


def test_a_contact_comes_back_no_less_carefully_kept():
    make_contact("Каримов Умар", sensitivity="internal")
    _export, content = export("xlsx")
    empty()
    bring_in(content, "xlsx")

    assert Contact.objects.get().sensitivity == "internal"


# The mark


@pytest.mark.parametrize("format", FORMATS)
def test_every_row_ends_with_the_mark(format):
    for number in range(3):
        make_contact(f"Человек{number}")
    made, content = export(format)
    heading, *rows = cells(content, format)

    assert (heading[-1], [row[-1] for row in rows]) == ("Выгрузка", [made.mark] * 3)


def test_marks_differ_and_can_be_said():
    make_contact("Каримов Умар")
    marks = [export("csv")[0].mark for _time in range(5)]

    assert (len(set(marks)), [mark for mark in marks if not exported.MARK.fullmatch(mark)]) == (5, [])


@pytest.mark.parametrize("typed", ["V-7K3M-Q2", "v7k3mq2", " v-7k3m-q2 ", "7k3m"])
def test_an_export_is_found_by_its_mark_however_it_is_typed(typed):
    made = record(mark="V-7K3M-Q2")
    record(mark="V-ZZZZ-ZZ")

    assert list(Export.objects.marked(typed)) == [made]


def record(**fields):
    rule = {"query": "", "words": ""}
    return Export.objects.create(
        **{"by": exporter(), "reason": "Сверка", "rule": rule, "format": "csv", "rows": 1} | fields
    )


@pytest.mark.parametrize(
    "fields", [{"reason": ""}, {"rows": -1}, {"format": "pdf"}, {"mark": "V-7K3M-Q2"}], ids=lambda one: next(iter(one))
)
def test_the_database_refuses_a_record_that_says_too_little(fields):
    record(mark="V-7K3M-Q2")

    with pytest.raises(IntegrityError):
        record(**{"mark": "V-ZZZZ-ZZ"} | fields)


# What is written down


def test_an_export_is_written_down_and_in_the_journal():
    make_contact("Каримов Умар", kind="partner")
    made, _content = export("csv", query="kind=partner", words="Кто: Партнёр")
    entry = Entry.objects.get(action="crm.contacts.exported")

    assert (made.by, made.reason, made.rule, made.format, made.rows) == (
        exporter(),
        "Список для пресс-конференции",
        {"query": "kind=partner", "words": "Кто: Партнёр"},
        "csv",
        1,
    )
    assert (entry.by, entry.subject_type, entry.subject_id, entry.details) == (
        "Мехрона С.",
        "crm.export",
        made.pk,
        {
            "rows": 1,
            "reason": "Список для пресс-конференции",
            "filter": "Кто: Партнёр",
            "format": "csv",
            "mark": made.mark,
        },
    )


def test_what_breaks_off_leaves_neither_record_nor_entry():
    make_contact("Каримов Умар")

    def broken(_export, _contacts):
        raise OSError

    with pytest.raises(OSError):
        take_out(
            Contact.objects.all(),
            by=exporter(),
            reason="Проверка записи",
            rule={"query": "", "words": ""},
            format="csv",
            write=broken,
        )
    assert (Export.objects.count(), Entry.objects.filter(action="crm.contacts.exported").count()) == (0, 0)


def test_who_lost_the_right_takes_out_nobody():
    make_contact("Каримов Умар")
    by = exporter()
    User.objects.update(may_export=False)

    with pytest.raises(PermissionDenied):
        export("csv", by=by)
    assert Export.objects.count() == 0


def test_nothing_leaves_while_everything_is_locked_down(head):
    make_contact("Каримов Умар")
    lock_down(by=head, key_holder=head)

    with pytest.raises(Refused):
        export("csv")
    assert Export.objects.count() == 0


def test_nothing_leaves_a_lock_down_without_a_key_holder(head):
    make_contact("Каримов Умар")
    lock_down(by=head, key_holder=None)

    with pytest.raises(Refused):
        export("csv")
    assert Export.objects.count() == 0


def test_key_holder_takes_the_list_out_of_a_lock_down(head):
    make_contact("Каримов Умар")
    lock_down(by=head, key_holder=exporter())

    assert export("csv")[0].rows == 1


# The limit


def test_an_export_over_what_is_left_of_the_day_is_refused(settings):
    settings.EXPORT_ROWS_PER_DAY = 3
    make_contact("Первая")
    make_contact("Вторая")
    export("csv")

    with pytest.raises(Refused):
        export("csv")
    assert (left_today(exporter()), Export.objects.count()) == (1, 1)


def test_what_left_yesterday_or_by_others_does_not_count(settings):
    settings.EXPORT_ROWS_PER_DAY = 2
    make_contact("Первая")
    make_contact("Вторая")
    export("csv", by=exporter("other@payom.test"))
    old, _content = export("csv")
    midnight = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
    Export.objects.filter(pk=old.pk).update(at=midnight - timedelta(seconds=1))

    export("csv")

    assert left_today(exporter()) == 0


def test_nobody_is_no_export():
    with pytest.raises(Refused):
        export("csv")
    assert Export.objects.count() == 0


@pytest.mark.django_db(transaction=True)
def test_exports_at_once_never_pass_the_limit_together(settings):
    settings.EXPORT_ROWS_PER_DAY = 5
    for number in range(2):
        make_contact(f"Человек{number}")
    exporter()
    barrier, outcomes = Barrier(4), []

    def work():
        barrier.wait()
        try:
            export("csv")
            outcomes.append("left")
        except Refused:
            outcomes.append("refused")
        finally:
            connection.close()

    workers = [Thread(target=work) for _ in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()

    assert (sorted(outcomes), Export.objects.contacts()) == (["left", "left", "refused", "refused"], 4)


@pytest.mark.parametrize("people", [1, 4])
@pytest.mark.parametrize("format", FORMATS)
def test_the_number_of_queries_does_not_grow_with_the_contacts(people, format, django_assert_num_queries):
    for number in range(people):
        contact = make_contact(f"Человек{number}", emails=[f"a{number}@navid.test"], phones=["+992930001122"])
        Position.objects.create(contact=contact, organisation=Organisation.objects.named(f"ТВ{number}"))
    exporter()
    with django_assert_num_queries(13):
        export(format)
