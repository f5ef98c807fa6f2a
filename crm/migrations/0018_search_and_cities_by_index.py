from django.db import migrations, models


def index_trigrams(apps, schema_editor):
    """Search finds any part of a word: PostgreSQL needs trigrams for that, where its packages have them."""
    if schema_editor.connection.vendor != "postgresql":
        return
    with schema_editor.connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_available_extensions WHERE name = 'pg_trgm'")
        if cursor.fetchone() is None:
            return
    schema_editor.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
    schema_editor.execute(
        "CREATE INDEX crm_contact_trigrams ON crm_contact USING gin (search_text gin_trgm_ops) WITH (fastupdate = off)"
    )


def forget_trigrams(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("DROP INDEX IF EXISTS crm_contact_trigrams")


class Migration(migrations.Migration):

    dependencies = [
        ("crm", "0017_parts_of_a_change"),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name="contact",
            name="crm_contact_cities",
        ),
        migrations.AddIndex(
            model_name="contact",
            index=models.Index(fields=["city", "id", "sensitivity"], name="crm_contact_cities"),
        ),
        migrations.RunPython(index_trigrams, forget_trigrams),
    ]
