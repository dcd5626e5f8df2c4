import django.db.models.deletion
import tradecredit.plumbing.ids
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('access', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='Connection',
            fields=[
                ('id', models.UUIDField(default=tradecredit.plumbing.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('code', models.CharField(max_length=24)),
                ('system', models.CharField(max_length=24)),
                ('label', models.CharField(max_length=100)),
                ('settings', models.JSONField(default=dict, help_text="names and texts that the system's description asks for")),
                ('described', models.TextField(blank=True, help_text='YAML that replaces parts of the shipped description')),
                ('kinds', models.JSONField(default=list)),
                ('every_minutes', models.PositiveIntegerField(default=5)),
                ('writes_back', models.BooleanField(default=False)),
                ('is_active', models.BooleanField(default=True)),
                ('created_at', models.DateTimeField()),
                ('created_by', models.CharField(max_length=100)),
                ('changed_at', models.DateTimeField()),
                ('changed_by', models.CharField(max_length=100)),
                ('company', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='access.company')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('company', 'code'), name='connection_once')],
            },
        ),
        migrations.CreateModel(
            name='FileImport',
            fields=[
                ('id', models.UUIDField(default=tradecredit.plumbing.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('kind', models.CharField(max_length=24)),
                ('name', models.CharField(max_length=200)),
                ('digest', models.CharField(max_length=64)),
                ('mapping', models.JSONField(default=dict)),
                ('read', models.PositiveIntegerField()),
                ('created', models.PositiveIntegerField()),
                ('updated', models.PositiveIntegerField()),
                ('unchanged', models.PositiveIntegerField()),
                ('refused', models.PositiveIntegerField()),
                ('imported_at', models.DateTimeField()),
                ('imported_by', models.CharField(max_length=100)),
                ('company', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='access.company')),
            ],
            options={
                'indexes': [models.Index(fields=['company', '-imported_at'], name='file_import_latest')],
            },
        ),
        migrations.CreateModel(
            name='Portion',
            fields=[
                ('id', models.UUIDField(default=tradecredit.plumbing.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('kind', models.CharField(max_length=24)),
                ('position_before', models.TextField(blank=True)),
                ('position_after', models.TextField()),
                ('read', models.PositiveIntegerField()),
                ('created', models.PositiveIntegerField()),
                ('updated', models.PositiveIntegerField()),
                ('unchanged', models.PositiveIntegerField()),
                ('refused', models.PositiveIntegerField()),
                ('refusals', models.JSONField(default=list, help_text='the first refused rows with their reasons')),
                ('recorded_at', models.DateTimeField()),
                ('company', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='access.company')),
                ('connection', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='sources.connection')),
            ],
            options={
                'indexes': [models.Index(fields=['connection', '-recorded_at'], name='portion_latest')],
            },
        ),
        migrations.CreateModel(
            name='Progress',
            fields=[
                ('id', models.UUIDField(default=tradecredit.plumbing.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('kind', models.CharField(max_length=24)),
                ('position', models.TextField(blank=True, help_text='canonical JSON; changes only with the rows up to it')),
                ('portions', models.PositiveBigIntegerField(default=0)),
                ('read', models.PositiveBigIntegerField(default=0)),
                ('created', models.PositiveBigIntegerField(default=0)),
                ('updated', models.PositiveBigIntegerField(default=0)),
                ('unchanged', models.PositiveBigIntegerField(default=0)),
                ('refused', models.PositiveBigIntegerField(default=0)),
                ('moved_at', models.DateTimeField(help_text='when rows last came', null=True)),
                ('whole_at', models.DateTimeField(help_text='when there was last nothing left to read', null=True)),
                ('tried_at', models.DateTimeField(null=True)),
                ('failures', models.PositiveIntegerField(default=0, help_text='in a row')),
                ('failure', models.JSONField(default=dict, help_text='the words of the latest failure, empty when it went well')),
                ('company', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='access.company')),
                ('connection', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='sources.connection')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('connection', 'kind'), name='progress_once_a_kind')],
            },
        ),
        migrations.CreateModel(
            name='WrittenStanding',
            fields=[
                ('id', models.UUIDField(default=tradecredit.plumbing.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('customer_code', models.CharField(max_length=64)),
                ('wanted', models.JSONField()),
                ('digest', models.CharField(max_length=64)),
                ('wanted_at', models.DateTimeField()),
                ('written_digest', models.CharField(blank=True, max_length=64)),
                ('written_at', models.DateTimeField(null=True)),
                ('failure', models.JSONField(default=dict)),
                ('company', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='access.company')),
                ('connection', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='sources.connection')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('connection', 'customer_code'), name='standing_once_a_customer')],
            },
        ),
    ]
