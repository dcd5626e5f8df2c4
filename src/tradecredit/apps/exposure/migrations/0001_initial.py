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
            name='ControlNode',
            fields=[
                ('id', models.UUIDField(default=tradecredit.plumbing.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('code', models.CharField(max_length=64, unique=True)),
                ('name', models.CharField(max_length=200)),
                ('kind', models.CharField(choices=[('group', 'customers that are named'), ('family', 'a customer and those below it'), ('salesperson', 'salesperson'), ('department', 'department'), ('region', 'region'), ('industry', 'industry'), ('product_group', 'product group'), ('portfolio', 'every customer')], max_length=16)),
                ('value', models.CharField(blank=True, help_text="the salesperson, region, … or the family's top customer code", max_length=200)),
                ('currency', tradecredit.plumbing.fields.CurrencyField(max_length=3)),
                ('strength', models.CharField(choices=[('joint', 'joint'), ('single', 'single')], default='joint', max_length=8)),
                ('is_active', models.BooleanField(default=True)),
                ('is_demo', models.BooleanField(default=False)),
                ('recorded_at', models.DateTimeField()),
                ('recorded_by', models.CharField(max_length=100)),
                ('company', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='access.company')),
                ('parent', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='exposure.controlnode')),
            ],
            options={
                'indexes': [models.Index(fields=['kind', 'value'], name='node_by_value')],
                'constraints': [models.CheckConstraint(condition=models.Q(('kind__in', ['group', 'product_group', 'portfolio']), models.Q(('value', ''), _negated=True), _connector='OR'), name='node_says_whom_it_counts'), models.CheckConstraint(condition=models.Q(('parent', models.F('id')), _negated=True), name='node_not_below_itself')],
            },
        ),
        migrations.CreateModel(
            name='CreditAccount',
            fields=[
                ('id', models.UUIDField(default=tradecredit.plumbing.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('currency', tradecredit.plumbing.fields.CurrencyField(max_length=3)),
                ('ordered', tradecredit.plumbing.fields.AmountField(decimal_places=4, default=0, max_digits=20)),
                ('delivered', tradecredit.plumbing.fields.AmountField(decimal_places=4, default=0, max_digits=20)),
                ('billed', tradecredit.plumbing.fields.AmountField(decimal_places=4, default=0, max_digits=20)),
                ('bill', tradecredit.plumbing.fields.AmountField(decimal_places=4, default=0, max_digits=20)),
                ('unapplied', tradecredit.plumbing.fields.AmountField(decimal_places=4, default=0, max_digits=20)),
                ('reserved', tradecredit.plumbing.fields.AmountField(decimal_places=4, default=0, max_digits=20)),
                ('entry_count', models.PositiveIntegerField(default=0)),
                ('latest_hash', models.CharField(default='0000000000000000000000000000000000000000000000000000000000000000', max_length=64)),
                ('opened_at', models.DateTimeField()),
                ('company', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='access.company')),
                ('customer', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='dossier.customer')),
            ],
            options={
                'indexes': [models.Index(fields=['customer'], name='account_by_customer')],
                'constraints': [models.UniqueConstraint(fields=('company', 'customer', 'currency'), name='account_once'), models.CheckConstraint(condition=models.Q(('ordered__gte', 0)), name='account_ordered_not_negative'), models.CheckConstraint(condition=models.Q(('delivered__gte', 0)), name='account_delivered_not_negative'), models.CheckConstraint(condition=models.Q(('billed__gte', 0)), name='account_billed_not_negative'), models.CheckConstraint(condition=models.Q(('bill__gte', 0)), name='account_bill_not_negative'), models.CheckConstraint(condition=models.Q(('reserved__gte', 0)), name='account_reserved_not_negative'), models.CheckConstraint(condition=models.Q(('unapplied__lte', 0)), name='account_unapplied_not_positive')],
            },
        ),
        migrations.CreateModel(
            name='ExchangeRate',
            fields=[
                ('id', models.UUIDField(default=tradecredit.plumbing.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('from_currency', tradecredit.plumbing.fields.CurrencyField(max_length=3)),
                ('to_currency', tradecredit.plumbing.fields.CurrencyField(max_length=3)),
                ('rate', models.DecimalField(decimal_places=10, max_digits=20)),
                ('valid_from', models.DateField()),
                ('source', models.CharField(max_length=100)),
                ('recorded_at', models.DateTimeField()),
                ('recorded_by', models.CharField(max_length=100)),
            ],
            options={
                'indexes': [models.Index(fields=['from_currency', 'to_currency', '-valid_from', '-recorded_at'], name='rate_as_of')],
                'constraints': [models.CheckConstraint(condition=models.Q(('rate__gt', 0)), name='rate_above_zero'), models.CheckConstraint(condition=models.Q(('from_currency', models.F('to_currency')), _negated=True), name='rate_of_two_currencies')],
            },
        ),
        migrations.CreateModel(
            name='ExposureEntry',
            fields=[
                ('id', models.UUIDField(default=tradecredit.plumbing.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('sequence', models.PositiveIntegerField()),
                ('stage', models.CharField(choices=[('ordered', 'ordered'), ('delivered', 'delivered, not billed'), ('billed', 'billed'), ('bill', 'bill receivable'), ('unapplied', 'cash not applied (never above zero)')], max_length=10)),
                ('amount', tradecredit.plumbing.fields.AmountField(decimal_places=4, help_text="signed, in the account's currency", max_digits=20)),
                ('obligation', models.CharField(help_text='the source line, e.g. order:SO-7 or invoice:INV-1#1', max_length=160)),
                ('cause', models.CharField(max_length=32)),
                ('cause_id', models.UUIDField(null=True)),
                ('effective_date', models.DateField()),
                ('recorded_at', models.DateTimeField()),
                ('hash', models.CharField(max_length=64)),
                ('account', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='exposure.creditaccount')),
                ('company', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='access.company')),
            ],
            options={
                'indexes': [models.Index(fields=['account', 'obligation'], name='entry_by_obligation')],
                'constraints': [models.UniqueConstraint(fields=('account', 'sequence'), name='entry_gapless_in_account')],
            },
        ),
        migrations.CreateModel(
            name='NodeLimit',
            fields=[
                ('id', models.UUIDField(default=tradecredit.plumbing.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('limit_kind', models.CharField(choices=[('not_set', 'not set'), ('unlimited', 'unlimited'), ('amount', 'amount')], max_length=9)),
                ('limit_amount', tradecredit.plumbing.fields.AmountField(decimal_places=4, max_digits=20, null=True)),
                ('currency', tradecredit.plumbing.fields.CurrencyField(max_length=3)),
                ('valid_from', models.DateField()),
                ('valid_to', models.DateField(null=True)),
                ('status', models.CharField(choices=[('open', 'open'), ('approved', 'approved'), ('rejected', 'rejected')], default='open', max_length=8)),
                ('origin', models.CharField(default='approval', help_text='approval or opening', max_length=16)),
                ('reason', models.TextField(blank=True)),
                ('requested_by_id', models.UUIDField()),
                ('requested_by_name', models.CharField(max_length=100)),
                ('decided_by_id', models.UUIDField(null=True)),
                ('decided_by_name', models.CharField(blank=True, max_length=100)),
                ('recorded_at', models.DateTimeField()),
                ('decided_at', models.DateTimeField(null=True)),
                ('company', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='access.company')),
                ('node', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='exposure.controlnode')),
            ],
            options={
                'indexes': [models.Index(fields=['node', '-valid_from', '-decided_at'], name='node_limit_as_of')],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('limit_amount__gte', 0), ('limit_amount__isnull', False), ('limit_kind', 'amount')), models.Q(('limit_amount__isnull', True), ('limit_kind__in', ['not_set', 'unlimited'])), _connector='OR'), name='node_limit_is_tagged'), models.CheckConstraint(condition=models.Q(('valid_to__isnull', True), ('valid_to__gt', models.F('valid_from')), _connector='OR'), name='node_limit_ends_after_it_begins'), models.CheckConstraint(condition=models.Q(('origin', 'opening'), ('decided_by_id__isnull', True), models.Q(('decided_by_id', models.F('requested_by_id')), _negated=True), _connector='OR'), name='node_limit_four_eyes'), models.CheckConstraint(condition=models.Q(('status', 'open'), ('decided_by_id__isnull', False), _connector='OR'), name='node_limit_decided_by_somebody')],
            },
        ),
        migrations.CreateModel(
            name='NodeMember',
            fields=[
                ('id', models.UUIDField(default=tradecredit.plumbing.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('valid_from', models.DateField()),
                ('valid_to', models.DateField(null=True)),
                ('reason', models.TextField(blank=True)),
                ('recorded_at', models.DateTimeField()),
                ('recorded_by', models.CharField(max_length=100)),
                ('customer', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='dossier.customer')),
                ('node', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='exposure.controlnode')),
            ],
            options={
                'indexes': [models.Index(fields=['customer', 'node'], name='node_member_by_customer')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('valid_to__isnull', True)), fields=('node', 'customer'), name='node_member_once'), models.CheckConstraint(condition=models.Q(('valid_to__isnull', True), ('valid_to__gte', models.F('valid_from')), _connector='OR'), name='node_member_ends_after_it_begins')],
            },
        ),
        migrations.CreateModel(
            name='Reservation',
            fields=[
                ('id', models.UUIDField(default=tradecredit.plumbing.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('decision_id', models.UUIDField()),
                ('reference', models.CharField(max_length=64)),
                ('amount', tradecredit.plumbing.fields.AmountField(decimal_places=4, max_digits=20)),
                ('status', models.CharField(choices=[('pending', 'pending'), ('posted', 'posted'), ('released', 'released'), ('expired', 'expired')], default='pending', max_length=8)),
                ('expires_at', models.DateTimeField()),
                ('created_at', models.DateTimeField()),
                ('ended_at', models.DateTimeField(null=True)),
                ('account', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='exposure.creditaccount')),
                ('company', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='access.company')),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('status', 'pending')), fields=['expires_at'], name='reservation_expiring'), models.Index(fields=['account', 'reference'], name='reservation_by_document')],
                'constraints': [models.CheckConstraint(condition=models.Q(('amount__gt', 0)), name='reservation_amount_positive'), models.UniqueConstraint(condition=models.Q(('status', 'pending')), fields=('account', 'reference'), name='reservation_pending_once_a_reference'), models.CheckConstraint(condition=models.Q(models.Q(('ended_at__isnull', True), ('status', 'pending')), models.Q(models.Q(('status', 'pending'), _negated=True), ('ended_at__isnull', False)), _connector='OR'), name='reservation_ended_when_not_pending')],
            },
        ),
    ]
