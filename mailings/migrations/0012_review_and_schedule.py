import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


# The days off by law that come every year. Feasts by the moon are announced a few days before: staff add them.
_HOLIDAYS = [
    (1, 1, 1, "Новый год", "Соли нав"),
    (2, 23, 1, "День Вооружённых Сил", "Рӯзи Қувваҳои Мусаллаҳ"),
    (3, 8, 1, "День матери", "Рӯзи Модар"),
    (3, 21, 4, "Навруз", "Наврӯз"),
    (5, 9, 1, "День Победы", "Рӯзи Ғалаба"),
    (6, 27, 1, "День национального единства", "Рӯзи Ваҳдати миллӣ"),
    (9, 9, 1, "День независимости", "Рӯзи Истиқлол"),
    (11, 6, 1, "День Конституции", "Рӯзи Конститутсия"),
]


def keep_the_days_off(apps, schema_editor):
    holidays = apps.get_model("mailings", "Holiday").objects
    for month, day, length, name, name_tg in _HOLIDAYS:
        holidays.create(month=month, day=day, length=length, name=name, name_tg=name_tg)


class Migration(migrations.Migration):

    dependencies = [
        ('crm', '0020_imports_can_be_taken_back'),
        ('mailings', '0011_who_held_the_post'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Comment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('language', models.CharField(choices=[('ru', 'Русский'), ('tg', 'Тоҷикӣ'), ('en', 'English')], max_length=2)),
                ('mark', models.CharField(max_length=16)),
                ('quote', models.CharField(blank=True, max_length=200)),
                ('text', models.TextField(max_length=2000, verbose_name='comment')),
                ('at', models.DateTimeField(auto_now_add=True)),
                ('resolved_at', models.DateTimeField(null=True)),
            ],
            options={
                'verbose_name': 'comment',
                'verbose_name_plural': 'comments',
                'ordering': ['pk'],
            },
        ),
        migrations.CreateModel(
            name='Holiday',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=100, verbose_name='name')),
                ('name_tg', models.CharField(blank=True, max_length=100, verbose_name='name in Tajik')),
                ('month', models.PositiveSmallIntegerField(verbose_name='month')),
                ('day', models.PositiveSmallIntegerField(verbose_name='day')),
                ('year', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='only in the year')),
                ('length', models.PositiveSmallIntegerField(default=1, verbose_name='how many days')),
            ],
            options={
                'verbose_name': 'official holiday',
                'verbose_name_plural': 'official holidays',
                'ordering': ['month', 'day', 'year'],
            },
        ),
        migrations.CreateModel(
            name='Probe',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('links', 'Links'), ('domain', 'Our domain: SPF, DKIM, DMARC'), ('spam', 'Spam score')], max_length=6)),
                ('asked_at', models.DateTimeField()),
                ('done_at', models.DateTimeField(null=True)),
                ('fingerprint', models.CharField(max_length=64)),
                ('answer', models.JSONField(default=dict)),
            ],
            options={
                'verbose_name': 'check on request',
                'verbose_name_plural': 'checks on request',
                'ordering': ['pk'],
            },
        ),
        migrations.RemoveConstraint(
            model_name='exclusion',
            name='mailings_exclusion_reason_known',
        ),
        migrations.RemoveConstraint(
            model_name='mailing',
            name='mailings_mailing_status',
        ),
        migrations.RemoveConstraint(
            model_name='mailing',
            name='mailings_sent_is_frozen',
        ),
        migrations.AddField(
            model_name='delivery',
            name='original',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='mailings.delivery'),
        ),
        migrations.AddField(
            model_name='mailing',
            name='correction',
            field=models.CharField(blank=True, choices=[('erratum', 'Correction'), ('withdrawal', 'Withdrawal')], max_length=10, verbose_name='correction'),
        ),
        migrations.AddField(
            model_name='mailing',
            name='corrects',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='corrections', to='mailings.mailing'),
        ),
        migrations.AddField(
            model_name='mailing',
            name='held_until',
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='mailing',
            name='missed',
            field=models.CharField(blank=True, choices=[('changed', 'Text or audience are not what was approved.'), ('strangers', 'Somebody has joined the audience since the approval.'), ('nobody', 'Nobody would have got it.'), ('key', 'BLIND_KEY is not the one addresses were kept with.'), ('lockdown', 'Everything was locked down.'), ('late', 'No sender was running at that time, and it was too late afterwards.')], max_length=10),
        ),
        migrations.AddField(
            model_name='mailing',
            name='pace',
            field=models.CharField(choices=[('at_once', 'All at once'), ('hourly', 'So many an hour'), ('waves', 'In waves, one an hour'), ('morning', 'In the morning where the reader is')], default='at_once', max_length=8, verbose_name='pace'),
        ),
        migrations.AddField(
            model_name='mailing',
            name='pace_number',
            field=models.PositiveIntegerField(blank=True, null=True, verbose_name='how many'),
        ),
        migrations.AddField(
            model_name='mailing',
            name='send_at',
            field=models.DateTimeField(blank=True, null=True, verbose_name='time to send'),
        ),
        migrations.AddField(
            model_name='mailing',
            name='withdrawn_at',
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AlterField(
            model_name='exclusion',
            name='reason',
            field=models.CharField(choices=[('restricted', 'their organisation is banned by a court'), ('unsubscribed', 'unsubscribed'), ('hard_bounce', 'the mailbox does not exist'), ('complaint', 'marked our letter as spam'), ('manual', 'put on the stop list by staff'), ('no_mailings', 'asked for no mailings'), ('no_email', 'asked for no e-mail'), ('no_invitations', 'asked for no invitations'), ('no_greetings', 'asked for no greetings'), ('no_topic', 'asked for nothing on this topic'), ('no_address', 'no e-mail address'), ('no_version', 'no text in their languages'), ('same_address', 'shares a mailbox with another recipient'), ('not_segment', 'in a segment that is left out'), ('got_before', 'got an earlier mailing that is named'), ('recent', 'was written to or called lately')], max_length=20, verbose_name='reason'),
        ),
        migrations.AlterField(
            model_name='mailing',
            name='status',
            field=models.CharField(choices=[('draft', 'Draft'), ('in_review', 'Waiting for approval'), ('approved', 'Approved'), ('scheduled', 'Scheduled'), ('sending', 'Being sent'), ('paused', 'Paused'), ('finished', 'Sent'), ('cancelled', 'Stopped')], default='draft', max_length=12),
        ),
        migrations.AddIndex(
            model_name='mailing',
            index=models.Index(fields=['status', 'send_at'], name='mailings_to_start'),
        ),
        migrations.AddConstraint(
            model_name='exclusion',
            constraint=models.CheckConstraint(condition=models.Q(('reason__in', ['restricted', 'unsubscribed', 'hard_bounce', 'complaint', 'manual', 'no_mailings', 'no_email', 'no_invitations', 'no_greetings', 'no_topic', 'no_address', 'no_version', 'same_address', 'not_segment', 'got_before', 'recent'])), name='mailings_exclusion_reason_known'),
        ),
        migrations.AddConstraint(
            model_name='mailing',
            constraint=models.CheckConstraint(condition=models.Q(('status__in', ['draft', 'in_review', 'approved', 'scheduled', 'sending', 'paused', 'finished', 'cancelled'])), name='mailings_mailing_status'),
        ),
        migrations.AddConstraint(
            model_name='mailing',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('frozen_count__isnull', True), ('status__in', ['draft', 'in_review', 'approved', 'scheduled'])), models.Q(models.Q(('status__in', ['draft', 'in_review', 'approved', 'scheduled']), _negated=True), ('frozen_count__isnull', False)), _connector='OR'), name='mailings_sent_is_frozen'),
        ),
        migrations.AddConstraint(
            model_name='mailing',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('status', 'scheduled'), _negated=True), ('send_at__isnull', False), _connector='OR'), name='mailings_scheduled_has_a_time'),
        ),
        migrations.AddConstraint(
            model_name='mailing',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('pace__in', ['at_once', 'morning']), ('pace_number__isnull', True)), models.Q(('pace__in', ['hourly', 'waves']), ('pace_number__gte', 1), ('pace_number__isnull', False)), _connector='OR'), name='mailings_pace_has_its_number'),
        ),
        migrations.AddConstraint(
            model_name='mailing',
            constraint=models.CheckConstraint(condition=models.Q(('missed__in', ['', 'changed', 'strangers', 'nobody', 'key', 'lockdown', 'late'])), name='mailings_missed_known'),
        ),
        migrations.AddConstraint(
            model_name='mailing',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('correction', ''), ('corrects__isnull', True)), models.Q(('correction__in', ['erratum', 'withdrawal']), ('corrects__isnull', False)), _connector='OR'), name='mailings_correction_of_something'),
        ),
        migrations.AddConstraint(
            model_name='mailing',
            constraint=models.CheckConstraint(condition=models.Q(('corrects__isnull', True), models.Q(('corrects', models.F('pk')), _negated=True), _connector='OR'), name='mailings_corrects_another'),
        ),
        migrations.AddConstraint(
            model_name='mailing',
            constraint=models.CheckConstraint(condition=models.Q(('withdrawn_at__isnull', True), ('frozen_count__isnull', False), _connector='OR'), name='mailings_withdrawn_was_sent'),
        ),
        migrations.AddField(
            model_name='comment',
            name='author',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='comment',
            name='mailing',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='comments', to='mailings.mailing'),
        ),
        migrations.AddField(
            model_name='comment',
            name='resolved_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddConstraint(
            model_name='holiday',
            constraint=models.CheckConstraint(condition=models.Q(('name', ''), _negated=True), name='mailings_holiday_has_a_name'),
        ),
        migrations.AddConstraint(
            model_name='holiday',
            constraint=models.CheckConstraint(condition=models.Q(('day__range', (1, 31)), ('length__range', (1, 10)), ('month__range', (1, 12))), name='mailings_holiday_is_a_day'),
        ),
        migrations.AddConstraint(
            model_name='holiday',
            constraint=models.UniqueConstraint(fields=('month', 'day', 'year'), name='mailings_holiday_once_a_year', violation_error_message='There is a holiday on that day already.'),
        ),
        migrations.AddConstraint(
            model_name='holiday',
            constraint=models.UniqueConstraint(condition=models.Q(('year__isnull', True)), fields=('month', 'day'), name='mailings_holiday_of_every_year_once', violation_error_message='There is a holiday on that day already.'),
        ),
        migrations.AddField(
            model_name='probe',
            name='asked_by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='probe',
            name='mailing',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='probes', to='mailings.mailing'),
        ),
        migrations.AddConstraint(
            model_name='comment',
            constraint=models.CheckConstraint(condition=models.Q(('language__in', ['ru', 'tg', 'en'])), name='mailings_comment_language'),
        ),
        migrations.AddConstraint(
            model_name='comment',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('text', ''), _negated=True), models.Q(('mark', ''), _negated=True)), name='mailings_comment_says_something'),
        ),
        migrations.AddConstraint(
            model_name='comment',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('resolved_at__isnull', True), ('resolved_by__isnull', True)), models.Q(('resolved_at__isnull', False), ('resolved_by__isnull', False)), _connector='OR'), name='mailings_comment_resolved_by_somebody'),
        ),
        migrations.AddConstraint(
            model_name='probe',
            constraint=models.UniqueConstraint(fields=('mailing', 'kind'), name='mailings_probe_once_per_kind'),
        ),
        migrations.AddConstraint(
            model_name='probe',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['links', 'domain', 'spam'])), name='mailings_probe_kind'),
        ),
        migrations.RunPython(keep_the_days_off, migrations.RunPython.noop),
    ]
