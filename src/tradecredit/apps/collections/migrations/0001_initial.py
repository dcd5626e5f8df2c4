import django.contrib.postgres.fields
import django.db.models.deletion
import tradecredit.plumbing.fields
import tradecredit.plumbing.ids
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('access', '0001_initial'),
        ('dossier', '0001_initial'),
        ('receivables', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='Letter',
            fields=[
                ('id', models.UUIDField(default=tradecredit.plumbing.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('number', models.CharField(max_length=64, unique=True)),
                ('stage', models.CharField(max_length=32)),
                ('kind', models.CharField(help_text='reminder, letter', max_length=16)),
                ('language', models.CharField(max_length=16)),
                ('recipient', models.CharField(blank=True, max_length=254)),
                ('currency', tradecredit.plumbing.fields.CurrencyField(max_length=3)),
                ('total', tradecredit.plumbing.fields.AmountField(decimal_places=4, max_digits=20)),
                ('subject', models.CharField(max_length=300)),
                ('body', models.TextField()),
                ('items', models.JSONField(help_text='[{invoice, instalment, due_date, days_overdue, amount}] with amounts as text')),
                ('content_hash', models.CharField(max_length=64)),
                ('status', models.CharField(default='pending', help_text='pending, sent, dropped, failed', max_length=8)),
                ('dropped_because', models.TextField(blank=True)),
                ('as_of', models.DateField()),
                ('created_at', models.DateTimeField()),
                ('sent_at', models.DateTimeField(null=True)),
                ('company', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='access.company')),
                ('customer', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='dossier.customer')),
            ],
            options={
                'indexes': [models.Index(fields=['company', 'created_at'], name='letter_by_time')],
            },
        ),
        migrations.CreateModel(
            name='Notice',
            fields=[
                ('id', models.UUIDField(default=tradecredit.plumbing.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('stage', models.CharField(max_length=32)),
                ('open_amount', tradecredit.plumbing.fields.AmountField(decimal_places=4, max_digits=20)),
                ('currency', tradecredit.plumbing.fields.CurrencyField(max_length=3)),
                ('days_overdue', models.IntegerField()),
                ('as_of', models.DateField()),
                ('recorded_at', models.DateTimeField()),
                ('company', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='access.company')),
                ('customer', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='dossier.customer')),
                ('instalment', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='receivables.instalment')),
                ('letter', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='collections.letter')),
            ],
            options={
                'indexes': [models.Index(fields=['customer', 'as_of'], name='notice_by_customer')],
                'constraints': [models.UniqueConstraint(fields=('instalment', 'stage'), name='notice_once_a_stage')],
            },
        ),
        migrations.CreateModel(
            name='Promise',
            fields=[
                ('id', models.UUIDField(default=tradecredit.plumbing.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('instalment_ids', django.contrib.postgres.fields.ArrayField(base_field=models.UUIDField(), default=list, help_text='empty: every item of the customer', size=None)),
                ('amount', tradecredit.plumbing.fields.AmountField(decimal_places=4, max_digits=20)),
                ('currency', tradecredit.plumbing.fields.CurrencyField(max_length=3)),
                ('promised_date', models.DateField()),
                ('made_on', models.DateField()),
                ('text', models.TextField(blank=True)),
                ('withdrawn_on', models.DateField(null=True)),
                ('recorded_at', models.DateTimeField()),
                ('recorded_by', models.CharField(max_length=100)),
                ('company', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='access.company')),
                ('customer', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='dossier.customer')),
            ],
            options={
                'indexes': [models.Index(fields=['customer', 'promised_date'], name='promise_by_customer')],
                'constraints': [models.CheckConstraint(condition=models.Q(('amount__gt', 0)), name='promise_amount_positive'), models.CheckConstraint(condition=models.Q(('promised_date__gte', models.F('made_on'))), name='promise_looks_ahead')],
            },
        ),
    ]
