from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('mailings', '0003_blind_delivery_keys'),
    ]

    operations = [
        migrations.AlterField(
            model_name='delivery',
            name='address_key',
            field=models.CharField(max_length=64),
        ),
        migrations.AddConstraint(
            model_name='delivery',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(models.Q(('address', ''), _negated=True), ('sealed', '')), models.Q(('address', ''), models.Q(('sealed', ''), _negated=True)), _connector='OR'), name='mailings_delivery_plain_or_sealed'),
        ),
        migrations.AddConstraint(
            model_name='delivery',
            constraint=models.CheckConstraint(condition=models.Q(('sealed', ''), ('domain', ''), _connector='OR'), name='mailings_sealed_has_no_domain'),
        ),
        migrations.AddConstraint(
            model_name='exclusion',
            constraint=models.CheckConstraint(condition=models.Q(('reason__in', ['restricted', 'unsubscribed', 'hard_bounce', 'complaint', 'manual', 'no_address', 'no_version', 'same_address'])), name='mailings_exclusion_reason_known'),
        ),
        migrations.AddConstraint(
            model_name='mailing',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('pause_kind__in', ['person', 'server', 'letter', 'key']), ('status', 'paused')), models.Q(models.Q(('status', 'paused'), _negated=True), ('pause_kind__in', ['', 'person', 'server', 'letter', 'key'])), _connector='OR'), name='mailings_paused_has_a_cause'),
        ),
    ]
