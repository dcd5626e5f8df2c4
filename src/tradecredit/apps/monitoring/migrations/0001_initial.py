import django.db.models.deletion
import tradecredit.plumbing.ids
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('access', '0001_initial'),
        ('dossier', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='Alert',
            fields=[
                ('id', models.UUIDField(default=tradecredit.plumbing.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('rule', models.CharField(max_length=64)),
                ('level', models.CharField(choices=[('yellow', 'yellow'), ('orange', 'orange'), ('red', 'red')], max_length=8)),
                ('text_zh', models.TextField()),
                ('text_en', models.TextField()),
                ('facts', models.TextField(help_text='canonical JSON of what fired it')),
                ('dedupe_key', models.CharField(max_length=200, unique=True)),
                ('policy_version_id', models.UUIDField()),
                ('raised_on', models.DateField()),
                ('created_at', models.DateTimeField()),
                ('first_response_at', models.DateTimeField(null=True)),
                ('response', models.TextField(blank=True)),
                ('is_false_alarm', models.BooleanField(default=False)),
                ('closed_at', models.DateTimeField(null=True)),
                ('closed_by', models.CharField(blank=True, max_length=100)),
                ('company', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='access.company')),
                ('customer', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='dossier.customer')),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('closed_at__isnull', True)), fields=['company', 'customer'], name='alert_open')],
                'constraints': [models.CheckConstraint(condition=models.Q(('closed_at__isnull', True), models.Q(('response', ''), _negated=True), _connector='OR'), name='alert_closed_with_response')],
            },
        ),
        migrations.CreateModel(
            name='DayClosed',
            fields=[
                ('id', models.UUIDField(default=tradecredit.plumbing.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('day', models.DateField()),
                ('report', models.TextField(help_text='canonical JSON of the counts')),
                ('closed_at', models.DateTimeField()),
                ('company', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='access.company')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('company', 'day'), name='day_closed_once')],
            },
        ),
        migrations.CreateModel(
            name='Freeze',
            fields=[
                ('id', models.UUIDField(default=tradecredit.plumbing.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('scope', models.CharField(choices=[('orders', 'orders'), ('shipments', 'shipments'), ('limit', 'limit')], max_length=9)),
                ('cause', models.CharField(help_text='dunning, alert, person, books', max_length=32)),
                ('currency', models.CharField(blank=True, default='', help_text='only the account in this currency; empty: every account', max_length=3)),
                ('text_zh', models.TextField()),
                ('text_en', models.TextField()),
                ('frozen_on', models.DateField()),
                ('ends_on', models.DateField(help_text='the first day on which it no longer holds by itself', null=True)),
                ('lifted_on', models.DateField(null=True)),
                ('lifted_because', models.TextField(blank=True)),
                ('created_at', models.DateTimeField()),
                ('created_by', models.CharField(max_length=100)),
                ('company', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='access.company')),
                ('customer', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='dossier.customer')),
            ],
            options={
                'constraints': [models.UniqueConstraint(condition=models.Q(('lifted_on__isnull', True)), fields=('company', 'customer', 'scope', 'cause', 'currency'), name='freeze_once_a_cause')],
            },
        ),
        migrations.CreateModel(
            name='RiskMark',
            fields=[
                ('id', models.UUIDField(default=tradecredit.plumbing.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('cause', models.CharField(max_length=32)),
                ('text_zh', models.TextField()),
                ('text_en', models.TextField()),
                ('marked_on', models.DateField()),
                ('lifted_on', models.DateField(null=True)),
                ('lifted_because', models.TextField(blank=True)),
                ('created_at', models.DateTimeField()),
                ('created_by', models.CharField(max_length=100)),
                ('company', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='access.company')),
                ('customer', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='dossier.customer')),
            ],
            options={
                'constraints': [models.UniqueConstraint(condition=models.Q(('lifted_on__isnull', True)), fields=('company', 'customer', 'cause'), name='risk_mark_once_a_cause')],
            },
        ),
    ]
