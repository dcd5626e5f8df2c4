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
    ]

    operations = [
        migrations.CreateModel(
            name='LimitJournal',
            fields=[
                ('id', models.UUIDField(default=tradecredit.plumbing.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('title', models.CharField(max_length=200)),
                ('reason', models.TextField()),
                ('status', models.CharField(choices=[('open', 'open'), ('approved', 'approved'), ('rejected', 'rejected'), ('withdrawn', 'withdrawn')], default='open', max_length=9)),
                ('requested_by_id', models.UUIDField()),
                ('requested_by_name', models.CharField(max_length=100)),
                ('decided_by_id', models.UUIDField(null=True)),
                ('decided_by_name', models.CharField(blank=True, max_length=100)),
                ('decision_reason', models.TextField(blank=True)),
                ('created_at', models.DateTimeField()),
                ('decided_at', models.DateTimeField(null=True)),
                ('company', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='access.company')),
                ('undoes', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='undone_by', to='limits.limitjournal')),
            ],
            options={
                'indexes': [models.Index(fields=['company', '-created_at'], name='journal_latest')],
                'constraints': [models.CheckConstraint(condition=models.Q(('reason', ''), _negated=True), name='journal_has_reason'), models.CheckConstraint(condition=models.Q(('decided_by_id__isnull', True), ('status', 'withdrawn'), models.Q(('decided_by_id', models.F('requested_by_id')), _negated=True), _connector='OR'), name='journal_four_eyes'), models.UniqueConstraint(condition=models.Q(('status__in', ['open', 'approved'])), fields=('undoes',), name='journal_undone_once')],
            },
        ),
        migrations.CreateModel(
            name='LimitJournalLine',
            fields=[
                ('id', models.UUIDField(default=tradecredit.plumbing.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('currency', tradecredit.plumbing.fields.CurrencyField(max_length=3)),
                ('from_kind', models.CharField(choices=[('not_set', 'not set'), ('unlimited', 'unlimited'), ('amount', 'amount')], max_length=9)),
                ('from_amount', tradecredit.plumbing.fields.AmountField(decimal_places=4, max_digits=20, null=True)),
                ('to_kind', models.CharField(choices=[('not_set', 'not set'), ('unlimited', 'unlimited'), ('amount', 'amount')], max_length=9)),
                ('to_amount', tradecredit.plumbing.fields.AmountField(decimal_places=4, max_digits=20, null=True)),
                ('days', models.PositiveSmallIntegerField(null=True)),
                ('conditions', models.JSONField(default=dict)),
                ('valid_from', models.DateField()),
                ('valid_to', models.DateField(null=True)),
                ('company', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='access.company')),
                ('customer', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='dossier.customer')),
                ('journal', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='lines', to='limits.limitjournal')),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('from_amount__gte', 0), ('from_amount__isnull', False), ('from_kind', 'amount')), models.Q(('from_amount__isnull', True), ('from_kind__in', ['not_set', 'unlimited'])), _connector='OR'), name='journal_from_is_tagged'), models.CheckConstraint(condition=models.Q(models.Q(('to_amount__gte', 0), ('to_amount__isnull', False), ('to_kind', 'amount')), models.Q(('to_amount__isnull', True), ('to_kind__in', ['not_set', 'unlimited'])), _connector='OR'), name='journal_to_is_tagged'), models.UniqueConstraint(fields=('journal', 'customer', 'currency'), name='journal_line_once_a_customer')],
            },
        ),
        migrations.CreateModel(
            name='LimitProposal',
            fields=[
                ('id', models.UUIDField(default=tradecredit.plumbing.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('line_kind', models.CharField(choices=[('base', 'base'), ('temporary', 'temporary')], max_length=9)),
                ('limit_kind', models.CharField(choices=[('not_set', 'not set'), ('unlimited', 'unlimited'), ('amount', 'amount')], max_length=9)),
                ('limit_amount', tradecredit.plumbing.fields.AmountField(decimal_places=4, max_digits=20, null=True)),
                ('currency', tradecredit.plumbing.fields.CurrencyField(max_length=3)),
                ('days', models.PositiveSmallIntegerField(null=True)),
                ('conditions', models.JSONField(default=dict)),
                ('valid_from', models.DateField()),
                ('valid_to', models.DateField(null=True)),
                ('calculation', models.TextField(help_text="canonical JSON of the recommendation's steps")),
                ('reason', models.TextField(blank=True)),
                ('status', models.CharField(choices=[('open', 'open'), ('approved', 'approved'), ('rejected', 'rejected'), ('withdrawn', 'withdrawn')], default='open', max_length=9)),
                ('requested_by_id', models.UUIDField()),
                ('requested_by_name', models.CharField(max_length=100)),
                ('decided_by_id', models.UUIDField(null=True)),
                ('decided_by_name', models.CharField(blank=True, max_length=100)),
                ('decision_reason', models.TextField(blank=True)),
                ('created_at', models.DateTimeField()),
                ('decided_at', models.DateTimeField(null=True)),
                ('company', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='access.company')),
                ('customer', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='dossier.customer')),
            ],
            options={
                'indexes': [models.Index(fields=['company', 'status', 'created_at'], name='proposal_open')],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('limit_amount__gte', 0), ('limit_amount__isnull', False), ('limit_kind', 'amount')), models.Q(('limit_amount__isnull', True), ('limit_kind__in', ['not_set', 'unlimited'])), _connector='OR'), name='proposal_limit_is_tagged'), models.CheckConstraint(condition=models.Q(('decided_by_id__isnull', True), ('status', 'withdrawn'), models.Q(('decided_by_id', models.F('requested_by_id')), _negated=True), _connector='OR'), name='proposal_four_eyes'), models.CheckConstraint(condition=models.Q(('line_kind', 'base'), ('valid_to__isnull', False), _connector='OR'), name='proposal_temporary_ends')],
            },
        ),
        migrations.CreateModel(
            name='CreditLine',
            fields=[
                ('id', models.UUIDField(default=tradecredit.plumbing.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('line_kind', models.CharField(choices=[('base', 'base'), ('temporary', 'temporary')], max_length=9)),
                ('limit_kind', models.CharField(choices=[('not_set', 'not set'), ('unlimited', 'unlimited'), ('amount', 'amount')], max_length=9)),
                ('limit_amount', tradecredit.plumbing.fields.AmountField(decimal_places=4, max_digits=20, null=True)),
                ('currency', tradecredit.plumbing.fields.CurrencyField(max_length=3)),
                ('days', models.PositiveSmallIntegerField(null=True)),
                ('conditions', models.JSONField(default=dict)),
                ('valid_from', models.DateField()),
                ('valid_to', models.DateField(null=True)),
                ('reference', models.CharField(blank=True, help_text='a temporary line for one order only', max_length=64)),
                ('origin', models.CharField(default='approval', help_text='approval, opening, policy', max_length=32)),
                ('requested_by_id', models.UUIDField()),
                ('approved_by_id', models.UUIDField()),
                ('reason', models.TextField(blank=True)),
                ('recorded_at', models.DateTimeField()),
                ('company', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='access.company')),
                ('customer', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='dossier.customer')),
                ('proposal', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='limits.limitproposal')),
            ],
            options={
                'indexes': [models.Index(fields=['company', 'customer', 'currency', '-valid_from', '-recorded_at'], name='line_as_of')],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('limit_amount__gte', 0), ('limit_amount__isnull', False), ('limit_kind', 'amount')), models.Q(('limit_amount__isnull', True), ('limit_kind__in', ['not_set', 'unlimited'])), _connector='OR'), name='line_limit_is_tagged'), models.CheckConstraint(condition=models.Q(('origin', 'opening'), models.Q(('requested_by_id', models.F('approved_by_id')), _negated=True), _connector='OR'), name='line_four_eyes'), models.CheckConstraint(condition=models.Q(('valid_to__isnull', True), ('valid_to__gt', models.F('valid_from')), _connector='OR'), name='line_ends_after_it_begins'), models.CheckConstraint(condition=models.Q(('line_kind', 'base'), ('valid_to__isnull', False), _connector='OR'), name='line_temporary_ends')],
            },
        ),
        migrations.CreateModel(
            name='Cover',
            fields=[
                ('id', models.UUIDField(default=tradecredit.plumbing.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('number', models.CharField(max_length=64)),
                ('kind', models.CharField(choices=[('guarantee', 'guarantee'), ('insurance', 'credit insurance'), ('collateral', 'collateral'), ('deposit', 'deposit or retention')], max_length=12)),
                ('provider', models.CharField(help_text='the guarantor, the insurer, the owner', max_length=200)),
                ('currency', tradecredit.plumbing.fields.CurrencyField(max_length=3)),
                ('amount', tradecredit.plumbing.fields.AmountField(decimal_places=4, max_digits=20)),
                ('haircut_share', models.DecimalField(decimal_places=4, default=0, max_digits=6)),
                ('valid_from', models.DateField()),
                ('valid_to', models.DateField(help_text='the first day on which it no longer counts', null=True)),
                ('notify_days', models.PositiveSmallIntegerField(help_text='insurance: days after the due day within which the insurer must hear of it', null=True)),
                ('documents_required', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=100), default=list, size=None)),
                ('documents_received', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=100), default=list, size=None)),
                ('status', models.CharField(choices=[('waiting', 'documents are missing'), ('active', 'active'), ('withdrawn', 'withdrawn')], default='waiting', max_length=9)),
                ('activated_on', models.DateField(null=True)),
                ('withdrawn_on', models.DateField(null=True)),
                ('note', models.TextField(blank=True)),
                ('content_hash', models.CharField(max_length=64)),
                ('recorded_by_id', models.UUIDField()),
                ('activated_by_id', models.UUIDField(null=True)),
                ('version', models.PositiveIntegerField(default=1)),
                ('recorded_at', models.DateTimeField()),
                ('is_demo', models.BooleanField(default=False)),
                ('company', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='access.company')),
                ('customer', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='dossier.customer')),
            ],
            options={
                'indexes': [models.Index(fields=['company', 'customer', 'currency'], name='cover_by_customer')],
                'constraints': [models.UniqueConstraint(fields=('company', 'number'), name='cover_number_once'), models.CheckConstraint(condition=models.Q(('amount__gt', 0)), name='cover_amount_positive'), models.CheckConstraint(condition=models.Q(('haircut_share__gte', 0), ('haircut_share__lte', 1)), name='cover_haircut_is_share'), models.CheckConstraint(condition=models.Q(('valid_to__isnull', True), ('valid_to__gt', models.F('valid_from')), _connector='OR'), name='cover_ends_after_it_begins'), models.CheckConstraint(condition=models.Q(models.Q(('status', 'active'), _negated=True), models.Q(('activated_on__isnull', False), ('documents_received__contains', models.F('documents_required'))), _connector='OR'), name='cover_active_with_documents')],
            },
        ),
    ]
