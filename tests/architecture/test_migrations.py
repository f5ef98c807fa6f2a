import re

from django.apps import apps
from django.core.management import call_command
from django.db.migrations.loader import MigrationLoader

OURS = {"accounts", "audit", "crm", "jobs", "mailings", "events", "demo"}


def migrations():
    loader = MigrationLoader(None)
    return {key: migration for key, migration in loader.disk_migrations.items() if key[0] in OURS}


def test_models_and_migrations_agree(db):
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


def test_each_app_with_models_has_migrations():
    with_models = {model._meta.app_label for model in apps.get_models()} & OURS

    assert {app for app, _ in migrations()} == with_models


def test_migrations_are_named_by_intent():
    assert [name for _, name in migrations() if re.search(r"_auto_\d{8}|_and_more$", name)] == []


def test_every_data_migration_can_be_taken_back():
    one_way = [
        f"{app}.{name}"
        for (app, name), migration in migrations().items()
        for operation in migration.operations
        if not operation.reversible
    ]

    assert one_way == []
