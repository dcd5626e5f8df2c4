import django.db.models.deletion
import tradecredit.plumbing.ids
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('access', '0001_initial'),
        ('access', '__first__'),
        ('dossier', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='StatisticalModel',
            fields=[
                ('id', models.UUIDField(default=tradecredit.plumbing.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('name', models.CharField(max_length=64)),
                ('number', models.PositiveIntegerField()),
                ('kind', models.CharField(help_text='scorecard, boosted or lateness', max_length=16)),
                ('trained_on', models.DateField(help_text='the day up to which the sample was known')),
                ('document', models.TextField(help_text='canonical JSON: model, training, figures, protection')),
                ('sha256', models.CharField(max_length=64)),
                ('data_digest', models.CharField(max_length=64)),
                ('recorded_at', models.DateTimeField()),
                ('recorded_by', models.CharField(max_length=100)),
                ('company', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='access.company')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('company', 'name', 'number'), name='statistical_model_numbered')],
            },
        ),
        migrations.CreateModel(
            name='ModelPromotion',
            fields=[
                ('id', models.UUIDField(default=tradecredit.plumbing.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('standing', models.CharField(choices=[('champion', 'champion'), ('challenger', 'challenger'), ('retired', 'retired')], max_length=16)),
                ('valid_from', models.DateField()),
                ('reason', models.TextField()),
                ('recorded_at', models.DateTimeField()),
                ('recorded_by', models.CharField(max_length=100)),
                ('company', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='access.company')),
                ('model', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='scoring.statisticalmodel')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='Backtest',
            fields=[
                ('id', models.UUIDField(default=tradecredit.plumbing.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('as_of', models.DateField()),
                ('quarter', models.CharField(blank=True, help_text='2026Q3, or empty for one asked for by hand', max_length=8)),
                ('document', models.TextField(help_text='canonical JSON of the whole report')),
                ('findings', models.PositiveIntegerField(default=0)),
                ('recorded_at', models.DateTimeField()),
                ('recorded_by', models.CharField(max_length=100)),
                ('company', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='access.company')),
            ],
            options={
                'constraints': [models.UniqueConstraint(condition=models.Q(('quarter', ''), _negated=True), fields=('company', 'quarter'), name='backtest_once_a_quarter')],
            },
        ),
        migrations.CreateModel(
            name='GradeProposal',
            fields=[
                ('id', models.UUIDField(default=tradecredit.plumbing.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('grade', models.CharField(max_length=32)),
                ('system_grade', models.CharField(help_text='what the system said when it was asked for', max_length=32)),
                ('reason', models.TextField()),
                ('valid_from', models.DateField()),
                ('valid_to', models.DateField()),
                ('requested_by_name', models.CharField(max_length=100)),
                ('recorded_at', models.DateTimeField()),
                ('company', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='access.company')),
                ('customer', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='dossier.customer')),
                ('requested_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('valid_to__gt', models.F('valid_from'))), name='grade_proposal_ends_after_it_begins')],
            },
        ),
        migrations.CreateModel(
            name='Rating',
            fields=[
                ('id', models.UUIDField(default=tradecredit.plumbing.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('as_of', models.DateField()),
                ('model_name', models.CharField(max_length=64)),
                ('policy_version_id', models.UUIDField()),
                ('score', models.DecimalField(decimal_places=2, max_digits=5, null=True)),
                ('score_low', models.DecimalField(decimal_places=2, max_digits=5, null=True)),
                ('score_high', models.DecimalField(decimal_places=2, max_digits=5, null=True)),
                ('completeness', models.DecimalField(decimal_places=2, max_digits=5)),
                ('suggested_grade', models.CharField(max_length=32)),
                ('grade', models.CharField(max_length=32)),
                ('is_high_risk', models.BooleanField(default=False)),
                ('result', models.TextField(help_text='canonical JSON of the whole result, parts and sentences')),
                ('inputs', models.TextField(help_text='canonical JSON of the attribute values with their sources')),
                ('old_grade', models.CharField(blank=True, max_length=32)),
                ('old_score', models.DecimalField(decimal_places=2, max_digits=5, null=True)),
                ('cause', models.CharField(max_length=200)),
                ('recorded_at', models.DateTimeField()),
                ('recorded_by', models.CharField(max_length=100)),
                ('company', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='access.company')),
                ('customer', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='dossier.customer')),
            ],
            options={
                'indexes': [models.Index(fields=['company', 'customer', '-as_of', '-recorded_at'], name='rating_latest')],
            },
        ),
        migrations.CreateModel(
            name='RatingOverride',
            fields=[
                ('id', models.UUIDField(default=tradecredit.plumbing.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('grade', models.CharField(max_length=32)),
                ('reason', models.TextField()),
                ('valid_from', models.DateField()),
                ('valid_to', models.DateField()),
                ('recorded_at', models.DateTimeField()),
                ('approved_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('company', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='access.company')),
                ('customer', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='dossier.customer')),
                ('requested_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('requested_by', models.F('approved_by')), _negated=True), name='override_four_eyes'), models.CheckConstraint(condition=models.Q(('valid_to__gt', models.F('valid_from'))), name='override_ends_after_it_begins')],
            },
        ),
        migrations.CreateModel(
            name='RatingReview',
            fields=[
                ('id', models.UUIDField(default=tradecredit.plumbing.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('reviewed_on', models.DateField()),
                ('grade', models.CharField(max_length=32)),
                ('note', models.TextField(blank=True)),
                ('reviewed_by_id', models.UUIDField()),
                ('reviewed_by_name', models.CharField(max_length=100)),
                ('recorded_at', models.DateTimeField()),
                ('company', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='access.company')),
                ('customer', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='dossier.customer')),
            ],
            options={
                'indexes': [models.Index(fields=['company', 'customer', '-reviewed_on'], name='review_latest')],
            },
        ),
    ]
