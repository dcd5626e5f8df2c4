import django.contrib.postgres.fields
import django.db.models.deletion
import django.db.models.expressions
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
            name='Order',
            fields=[
                ('id', models.UUIDField(default=tradecredit.plumbing.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('reference', models.CharField(max_length=64)),
                ('order_date', models.DateField()),
                ('requested_date', models.DateField(null=True)),
                ('currency', tradecredit.plumbing.fields.CurrencyField(max_length=3)),
                ('amount', tradecredit.plumbing.fields.AmountField(decimal_places=4, max_digits=20)),
                ('delivered_amount', tradecredit.plumbing.fields.AmountField(decimal_places=4, default=0, max_digits=20)),
                ('invoiced_amount', tradecredit.plumbing.fields.AmountField(decimal_places=4, default=0, max_digits=20)),
                ('apart_amount', tradecredit.plumbing.fields.AmountField(decimal_places=4, default=0, help_text='what stands apart from it as remainders', max_digits=20)),
                ('terms_days', models.PositiveSmallIntegerField(help_text='as they were asked for', null=True)),
                ('agreed_terms_days', models.PositiveSmallIntegerField(help_text='as they are: what was asked, or what line and grade give; follows the grade', null=True)),
                ('first_terms_days', models.PositiveSmallIntegerField(help_text='what was agreed before a lower grade shortened the terms', null=True)),
                ('salesperson', models.CharField(blank=True, max_length=100)),
                ('status', models.CharField(choices=[('held', 'held'), ('released', 'released'), ('delivered', 'delivered'), ('invoiced', 'invoiced'), ('closed', 'closed'), ('cancelled', 'cancelled'), ('rejected', 'rejected'), ('expired', 'expired'), ('merged', 'merged: gone back into the order it was split from')], max_length=10)),
                ('is_opening', models.BooleanField(default=False, help_text='came in open, without a verdict of ours')),
                ('decision_id', models.UUIDField(help_text='the latest decision', null=True)),
                ('held_at', models.DateTimeField(null=True)),
                ('version', models.PositiveIntegerField(default=1)),
                ('recorded_at', models.DateTimeField()),
                ('updated_at', models.DateTimeField()),
                ('is_demo', models.BooleanField(default=False)),
                ('company', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='access.company')),
                ('customer', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='dossier.customer')),
                ('split_of', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='remainders', to='orders.order')),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('status', 'held')), fields=['company', 'held_at'], name='order_held'), models.Index(fields=['customer', 'order_date'], name='order_by_customer'), models.Index(condition=models.Q(('split_of__isnull', False)), fields=['split_of'], name='order_remainders')],
                'constraints': [models.UniqueConstraint(fields=('company', 'reference'), name='order_reference_once'), models.CheckConstraint(condition=models.Q(('amount__gte', 0)), name='order_amount_not_negative'), models.CheckConstraint(condition=models.Q(('delivered_amount__gte', 0), ('invoiced_amount__gte', 0)), name='order_parts_not_negative'), models.CheckConstraint(condition=models.Q(('apart_amount__gte', 0)), name='order_apart_not_negative'), models.CheckConstraint(condition=models.Q(('split_of__isnull', True), ('apart_amount', 0), _connector='OR'), name='order_remainder_has_none')],
            },
        ),
        migrations.CreateModel(
            name='HeldDelivery',
            fields=[
                ('id', models.UUIDField(default=tradecredit.plumbing.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('number', models.CharField(max_length=64)),
                ('delivery_date', models.DateField()),
                ('currency', tradecredit.plumbing.fields.CurrencyField(max_length=3)),
                ('amount', tradecredit.plumbing.fields.AmountField(decimal_places=4, max_digits=20)),
                ('status', models.CharField(choices=[('held', 'held'), ('released', 'released: the goods have left'), ('rejected', 'rejected'), ('withdrawn', 'withdrawn')], default='held', max_length=9)),
                ('decision_id', models.UUIDField(help_text='the latest decision')),
                ('held_at', models.DateTimeField()),
                ('ended_at', models.DateTimeField(null=True)),
                ('company', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='access.company')),
                ('customer', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='dossier.customer')),
                ('order', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='held_deliveries', to='orders.order')),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('status', 'held')), fields=['company', 'held_at'], name='delivery_held')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('status', 'held')), fields=('company', 'number'), name='held_delivery_number_once'), models.CheckConstraint(condition=models.Q(('amount__gt', 0)), name='held_delivery_positive')],
            },
        ),
        migrations.CreateModel(
            name='Delivery',
            fields=[
                ('id', models.UUIDField(default=tradecredit.plumbing.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('number', models.CharField(max_length=64)),
                ('kind', models.CharField(choices=[('sale', 'sold'), ('consignment', 'to a consignment stock')], default='sale', max_length=11)),
                ('delivery_date', models.DateField()),
                ('currency', tradecredit.plumbing.fields.CurrencyField(max_length=3)),
                ('amount', tradecredit.plumbing.fields.AmountField(decimal_places=4, max_digits=20)),
                ('recorded_at', models.DateTimeField()),
                ('company', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='access.company')),
                ('customer', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='dossier.customer')),
                ('order', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='deliveries', to='orders.order')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('company', 'number'), name='delivery_number_once'), models.CheckConstraint(condition=models.Q(('amount__gt', 0)), name='delivery_amount_positive')],
            },
        ),
        migrations.CreateModel(
            name='OrderLine',
            fields=[
                ('id', models.UUIDField(default=tradecredit.plumbing.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('line', models.PositiveSmallIntegerField()),
                ('item', models.CharField(blank=True, max_length=500)),
                ('quantity', models.DecimalField(decimal_places=6, max_digits=20, null=True)),
                ('amount', tradecredit.plumbing.fields.AmountField(decimal_places=4, max_digits=20)),
                ('company', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='access.company')),
                ('order', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='lines', to='orders.order')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('order', 'line'), name='order_line_once'), models.CheckConstraint(condition=models.Q(('amount__gte', 0)), name='order_line_not_negative')],
            },
        ),
        migrations.CreateModel(
            name='Release',
            fields=[
                ('id', models.UUIDField(default=tradecredit.plumbing.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('delivery_number', models.CharField(blank=True, help_text="a delivery's release", max_length=64)),
                ('request_id', models.UUIDField(help_text='the question that people answered')),
                ('decision_id', models.UUIDField(help_text='the decision that looked at it once more')),
                ('currency', tradecredit.plumbing.fields.CurrencyField(max_length=3)),
                ('amount', tradecredit.plumbing.fields.AmountField(decimal_places=4, help_text='the whole order as it was released', max_digits=20)),
                ('over_amount', tradecredit.plumbing.fields.AmountField(decimal_places=4, help_text='how far the release goes over the line', max_digits=20)),
                ('over_most', tradecredit.plumbing.fields.AmountField(decimal_places=4, help_text='how far the authority goes; null: without bound', max_digits=20, null=True)),
                ('tolerance_share', models.DecimalField(decimal_places=4, max_digits=6)),
                ('covers', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=16), help_text='later steps: delivery, invoice', size=None)),
                ('stops', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=64), help_text='the checks that stopped it', size=None)),
                ('released_on', models.DateField()),
                ('expires_on', models.DateField(help_text='the first day on which it no longer holds', null=True)),
                ('days_most', models.PositiveSmallIntegerField(null=True)),
                ('reason', models.TextField()),
                ('reason_code', models.CharField(blank=True, max_length=32)),
                ('requested_by_id', models.UUIDField()),
                ('released_by_id', models.UUIDField()),
                ('released_by_name', models.CharField(max_length=100)),
                ('recorded_at', models.DateTimeField()),
                ('company', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='access.company')),
                ('customer', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='dossier.customer')),
                ('order', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='releases', to='orders.order')),
            ],
            options={
                'indexes': [models.Index(fields=['order', '-recorded_at'], name='release_of_order'), models.Index(fields=['company', 'released_on'], name='release_by_day')],
                'constraints': [models.CheckConstraint(condition=models.Q(('reason', ''), _negated=True), name='release_has_reason'), models.CheckConstraint(condition=models.Q(('released_by_id', models.F('requested_by_id')), _negated=True), name='release_four_eyes'), models.CheckConstraint(condition=models.Q(('over_most__isnull', True), ('over_amount__lte', models.F('over_most')), _connector='OR'), name='release_within_authority'), models.CheckConstraint(condition=models.Q(('days_most__isnull', True), models.Q(('expires_on__isnull', False), ('expires_on__lte', django.db.models.expressions.CombinedExpression(models.F('released_on'), '+', models.F('days_most')))), _connector='OR'), name='release_within_days')],
            },
        ),
        migrations.CreateModel(
            name='GoodsEvent',
            fields=[
                ('id', models.UUIDField(default=tradecredit.plumbing.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('kind', models.CharField(choices=[('usage', 'used from the consignment stock'), ('return', 'returned'), ('replaced', 'returned, to be replaced')], max_length=8)),
                ('number', models.CharField(max_length=64)),
                ('event_date', models.DateField()),
                ('amount', tradecredit.plumbing.fields.AmountField(decimal_places=4, max_digits=20)),
                ('recorded_at', models.DateTimeField()),
                ('company', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='access.company')),
                ('customer', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='dossier.customer')),
                ('delivery', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='events', to='orders.delivery')),
            ],
            options={
                'indexes': [models.Index(fields=['delivery'], name='goods_event_by_delivery')],
                'constraints': [models.UniqueConstraint(fields=('company', 'number'), name='goods_event_number_once'), models.CheckConstraint(condition=models.Q(('amount__gt', 0)), name='goods_event_amount_positive')],
            },
        ),
        migrations.CreateModel(
            name='HoldReview',
            fields=[
                ('id', models.UUIDField(default=tradecredit.plumbing.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('decision_id', models.UUIDField()),
                ('was_right', models.BooleanField()),
                ('note', models.TextField(blank=True)),
                ('reviewed_by_id', models.UUIDField()),
                ('reviewed_by_name', models.CharField(max_length=100)),
                ('recorded_at', models.DateTimeField()),
                ('company', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='access.company')),
                ('customer', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='dossier.customer')),
            ],
            options={
                'indexes': [models.Index(fields=['decision_id', '-recorded_at'], name='review_of_decision')],
            },
        ),
    ]
