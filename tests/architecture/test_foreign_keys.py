"""Relations obey the order of the apps too; the import linter cannot see a model named by a string."""

from django.apps import apps

ORDER = ["audit", "accounts", "jobs", "crm", "mailings", "events", "demo"]  # from the bottom up


def relations():
    for model in apps.get_models():
        for field in model._meta.get_fields():
            if field.concrete and field.is_relation:
                yield f"{model.__name__}.{field.name}", model._meta.app_label, field.related_model._meta.app_label


def test_every_app_of_ours_with_models_has_a_place_in_the_order():
    ours = {"config", "core", "dashboard", *ORDER}
    with_models = {model._meta.app_label for model in apps.get_models() if model.__module__.split(".")[0] in ours}

    assert with_models <= set(ORDER)


def test_foreign_keys_point_downwards():
    upward = [
        f"{name}: {here} → {there}"
        for name, here, there in relations()
        if here in ORDER and there in ORDER and ORDER.index(there) > ORDER.index(here)
    ]

    assert upward == []


def test_the_audit_log_has_no_foreign_keys():
    assert [name for name, here, _ in relations() if here == "audit"] == []
