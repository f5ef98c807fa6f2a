"""The command does what the pages do, for whoever sits at the shell."""

import io
import json

import pytest
from django.core.management import CommandError, call_command

from crm.models import Contact, ImportBatch, StopRule

ROWS = [
    "ФИО;СМИ;e-mail;Примечание",
    "Каримов Умар;Навид;umar@navid.test;не писать",
    "Каримов Умар;Навид;umar@navid.test;",
    ";;вакансия;нет",
    "Лола Саидова;Чашма;lola@chashma.test;уволилась",
    "Лола Саидова;Чашма;lola@chashma.test;",
]


@pytest.fixture
def path(tmp_path):
    file = tmp_path / "список.csv"
    file.write_text("\n".join(ROWS), encoding="utf-8")
    return file


def told(*args) -> dict:
    out = io.StringIO()
    call_command("import_contacts", *map(str, args), "--json", stdout=out)
    return json.loads(out.getvalue())


def test_what_became_of_every_row_is_told(path, author):
    report = told(path, "--by", author.email)

    refused, proposals = report.pop("refused"), report.pop("proposals")
    assert report == {"rows": 5, "created": 2, "updated": 0, "merged": 2}
    assert [(row["sheet"], row["row"], bool(row["reason"])) for row in refused] == [("", 4, True)]
    assert [(one["kind"], one["scope"], one["quote"], one["row"]) for one in proposals] == [
        ("stop", "everything", "не писать", 2),
        ("left", "", "уволилась", 5),
    ]
    assert sorted(Contact.objects.values_list("name", flat=True)) == ["Каримов Умар", "Лола Саидова"]
    assert StopRule.objects.in_force().count() == 1


def test_a_second_time_everybody_is_here_already(path, author):
    told(path)
    report = told(path)

    assert (report["created"], report["updated"], report["merged"], len(report["refused"])) == (0, 0, 4, 1)


def test_a_dry_run_tells_the_same_and_writes_nothing(path, author):
    report = told(path, "--dry-run")

    assert (report, Contact.objects.count(), ImportBatch.objects.count()) == (report | {"created": 2}, 0, 0)
    assert told(path) == report


def test_without_json_it_is_told_in_lines(path, author):
    out = io.StringIO()
    call_command("import_contacts", str(path), stdout=out)

    assert out.getvalue().splitlines()[:4] == ["rows: 5", "created: 2", "updated: 0", "merged: 2"]


@pytest.mark.parametrize("data", [b"", b"\x89PNG\r\n\x1a\n", b"PK\x03\x04broken"])
def test_a_bad_file_is_one_sentence_and_leaves_nothing(tmp_path, author, data):
    path = tmp_path / "bad.xlsx"
    path.write_bytes(data)

    with pytest.raises(CommandError):
        told(path)
    assert ImportBatch.objects.count() == 0


def test_a_file_that_is_not_there_is_said(tmp_path, author):
    with pytest.raises(CommandError, match=r"nothing\.xlsx"):
        told(tmp_path / "nothing.xlsx")


def test_who_may_not_import_imports_nothing(path, db):
    with pytest.raises(CommandError):
        told(path, "--by", "nobody@payom.test")
