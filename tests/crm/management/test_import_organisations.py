"""The command does with organisations what the pages do."""

import io
import json

import pytest
from django.core.management import CommandError, call_command

from crm.models import Organisation, OrganisationImport
from tests.factories.organisations import make_organisation

ROWS = ["Организация;Тип;Город", "Навид;газета;Хорог", "Чашма;радио;Душанбе", ";;Хорог", "Чашма;радио;Душанбе"]


@pytest.fixture
def path(tmp_path, author):
    file = tmp_path / "организации.csv"
    file.write_text("\n".join(ROWS), encoding="utf-8")
    return file


def told(*args) -> dict:
    out = io.StringIO()
    call_command("import_organisations", *map(str, args), "--json", stdout=out)
    return json.loads(out.getvalue())


def test_what_became_of_every_row_is_told(path, author):
    make_organisation("Навид", city="Куляб")

    report = told(path, "--by", author.email)

    refused = report.pop("refused")
    assert report == {"rows": 4, "created": 1, "updated": 1, "unchanged": 1}
    assert [(row["sheet"], row["row"], bool(row["reason"])) for row in refused] == [("", 4, True)]
    assert Organisation.objects.get(name="Навид").city == "Куляб"


def test_a_list_that_is_right_replaces(path):
    make_organisation("Навид", city="Куляб")

    told(path, "--replace")

    assert Organisation.objects.get(name="Навид").city == "Хорог"


def test_a_dry_run_tells_the_same_and_writes_nothing(path):
    report = told(path, "--dry-run")

    assert (Organisation.objects.count(), OrganisationImport.objects.count()) == (0, 0)
    assert told(path) == report


def test_without_json_it_is_told_in_lines(path):
    out = io.StringIO()
    call_command("import_organisations", str(path), stdout=out)

    assert out.getvalue().splitlines()[:4] == ["rows: 4", "created: 2", "updated: 0", "unchanged: 1"]


def test_a_bad_file_is_one_sentence_and_leaves_nothing(tmp_path, author):
    path = tmp_path / "bad.xlsx"
    path.write_bytes(b"PK\x03\x04broken")

    with pytest.raises(CommandError):
        told(path)
    assert not OrganisationImport.objects.exists()


def test_who_may_not_import_cannot_be_named(path):
    with pytest.raises(CommandError):
        told(path, "--by", "nobody@payom.test")
