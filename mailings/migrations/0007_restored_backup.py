import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('mailings', '0006_writers_do_not_approve'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='SendingClock',
            fields=[
                ('only', models.PositiveSmallIntegerField(default=1, primary_key=True, serialize=False)),
                ('database', models.UUIDField(default=uuid.uuid4, editable=False)),
                ('ticks', models.PositiveBigIntegerField(default=0)),
            ],
            options={
                'verbose_name': 'sending clock',
                'verbose_name_plural': 'sending clock',
            },
        ),
        migrations.RemoveConstraint(
            model_name='mailing',
            name='mailings_paused_has_a_cause',
        ),
        migrations.AlterField(
            model_name='delivery',
            name='status',
            field=models.CharField(choices=[('queued', 'waiting its turn'), ('claimed', 'taken by the sender'), ('inflight', 'on the wire'), ('sent', 'accepted by the mail server'), ('deferred', 'will be tried again'), ('failed', 'refused'), ('unknown', 'not known whether it arrived'), ('suppressed', 'on the stop list by then'), ('cancelled', 'mailing was stopped')], default='queued', max_length=10, verbose_name='state'),
        ),
        migrations.AlterField(
            model_name='mailing',
            name='pause_kind',
            field=models.CharField(blank=True, choices=[('person', 'Paused by a member of staff.'), ('server', 'Our mail server does not take letters. No recipient is marked as failed.'), ('letter', 'The letter could not be built from its text.'), ('key', 'A sealed address could not be opened: the key is not on this machine.'), ('lockdown', 'Everything was locked down. Look whether the text and the people are still right.'), ('restored', 'The database was restored from a backup: some of these letters may have left already.')], max_length=10),
        ),
        migrations.AddConstraint(
            model_name='mailing',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('pause_kind__in', ['person', 'server', 'letter', 'key', 'lockdown', 'restored']), ('status', 'paused')), models.Q(models.Q(('status', 'paused'), _negated=True), ('pause_kind__in', ['', 'person', 'server', 'letter', 'key', 'lockdown', 'restored'])), _connector='OR'), name='mailings_paused_has_a_cause'),
        ),
        migrations.AddConstraint(
            model_name='sendingclock',
            constraint=models.CheckConstraint(condition=models.Q(('only', 1)), name='mailings_one_clock'),
        ),
        migrations.AddConstraint(
            model_name='sendingclock',
            constraint=models.CheckConstraint(condition=models.Q(('ticks__gte', 0)), name='mailings_clock_counts_up'),
        ),
    ]
