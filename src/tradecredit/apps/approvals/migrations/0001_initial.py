import django.contrib.postgres.fields
import django.db.models.deletion
import tradecredit.plumbing.fields
import tradecredit.plumbing.ids
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('access', '0001_initial'),
        ('decisions', '0001_initial'),
        ('dossier', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='ApprovalRequest',
            fields=[
                ('id', models.UUIDField(default=tradecredit.plumbing.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('kind', models.CharField(choices=[('order_release', 'order release'), ('delivery_release', 'delivery release'), ('freeze_lift', 'lifting of a freeze'), ('limit_journal', 'journal of line changes'), ('level_limit', 'limit of a level'), ('credit_limit', 'credit limit'), ('temporary_line', 'temporary line'), ('grade_override', 'grade override'), ('policy', 'policy')], max_length=16)),
                ('subject_id', models.UUIDField(help_text='the order, proposal or version asked about')),
                ('reference', models.CharField(blank=True, max_length=64)),
                ('amount', tradecredit.plumbing.fields.AmountField(decimal_places=4, max_digits=20, null=True)),
                ('currency', tradecredit.plumbing.fields.CurrencyField(blank=True, max_length=3)),
                ('requested_by_id', models.UUIDField()),
                ('requested_by_name', models.CharField(max_length=100)),
                ('reason', models.TextField(blank=True)),
                ('roles', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=32), help_text='who decides', size=None)),
                ('mode', models.CharField(default='single', help_text='single: one of the roles; all: each role once', max_length=16)),
                ('routing', models.TextField(help_text='canonical JSON: the authority row that sent it here, in words')),
                ('status', models.CharField(choices=[('open', 'open'), ('approved', 'approved'), ('rejected', 'rejected'), ('withdrawn', 'withdrawn'), ('cured', 'cured: the reason for it went away')], default='open', max_length=9)),
                ('created_at', models.DateTimeField()),
                ('due_at', models.DateTimeField(null=True)),
                ('ended_at', models.DateTimeField(null=True)),
                ('company', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='access.company')),
                ('customer', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='dossier.customer')),
                ('decision', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='decisions.decision')),
            ],
            options={
                'indexes': [models.Index(fields=['company', 'status', 'created_at'], name='request_inbox')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('status', 'open')), fields=('kind', 'subject_id'), name='request_open_once_a_subject')],
            },
        ),
        migrations.CreateModel(
            name='Attachment',
            fields=[
                ('id', models.UUIDField(default=tradecredit.plumbing.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('name', models.CharField(max_length=200)),
                ('media_type', models.CharField(max_length=100)),
                ('size', models.PositiveIntegerField()),
                ('sha256', models.CharField(max_length=64)),
                ('content', models.BinaryField()),
                ('actor_id', models.UUIDField()),
                ('actor_name', models.CharField(max_length=100)),
                ('added_at', models.DateTimeField()),
                ('company', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='access.company')),
                ('request', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='approvals.approvalrequest')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('request', 'sha256'), name='attachment_once_a_request')],
            },
        ),
        migrations.CreateModel(
            name='Delegation',
            fields=[
                ('id', models.UUIDField(default=tradecredit.plumbing.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('from_user_id', models.UUIDField()),
                ('from_name', models.CharField(max_length=100)),
                ('to_user_id', models.UUIDField()),
                ('to_name', models.CharField(max_length=100)),
                ('valid_from', models.DateField()),
                ('valid_to', models.DateField(help_text='the last day')),
                ('reason', models.TextField()),
                ('created_at', models.DateTimeField()),
                ('revoked_at', models.DateTimeField(null=True)),
                ('company', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='access.company')),
            ],
            options={
                'indexes': [models.Index(fields=['company', 'to_user_id'], name='delegation_to')],
                'constraints': [models.CheckConstraint(condition=models.Q(('from_user_id', models.F('to_user_id')), _negated=True), name='delegation_to_another'), models.CheckConstraint(condition=models.Q(('valid_to__gte', models.F('valid_from'))), name='delegation_ends_after_it_begins')],
            },
        ),
        migrations.CreateModel(
            name='FlowDefinition',
            fields=[
                ('id', models.UUIDField(default=tradecredit.plumbing.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('kind', models.CharField(max_length=16)),
                ('digest', models.CharField(max_length=64)),
                ('text', models.TextField(help_text='BPMN 2.0')),
                ('recorded_at', models.DateTimeField()),
                ('company', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='access.company')),
                ('policy', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='decisions.policyversion')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('company', 'kind', 'digest', 'policy'), name='flow_definition_once_a_version')],
            },
        ),
        migrations.CreateModel(
            name='FlowInstance',
            fields=[
                ('id', models.UUIDField(default=tradecredit.plumbing.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('state', models.TextField()),
                ('facts', models.TextField(help_text='canonical JSON: what the flow knew when it began')),
                ('status', models.CharField(choices=[('running', 'running'), ('approved', 'approved'), ('rejected', 'rejected'), ('ended', 'ended: the request was withdrawn or overtaken')], default='running', max_length=8)),
                ('started_at', models.DateTimeField()),
                ('ended_at', models.DateTimeField(null=True)),
                ('company', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='access.company')),
                ('definition', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='approvals.flowdefinition')),
                ('request', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='flow', to='approvals.approvalrequest')),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('ended_at__isnull', True), ('status', 'running')), models.Q(models.Q(('status', 'running'), _negated=True), ('ended_at__isnull', False)), _connector='OR'), name='flow_ended_when_not_running')],
            },
        ),
        migrations.CreateModel(
            name='FlowStep',
            fields=[
                ('id', models.UUIDField(default=tradecredit.plumbing.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('added_as', models.CharField(blank=True, help_text='before, after or parallel to its parent', max_length=8)),
                ('task_id', models.UUIDField(help_text='the task of the engine; none for places that were added', null=True)),
                ('node_id', models.CharField(max_length=100)),
                ('name_zh', models.CharField(max_length=100)),
                ('name_en', models.CharField(max_length=100)),
                ('service', models.CharField(blank=True, help_text='what runs here instead of a person', max_length=32)),
                ('roles', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=32), default=list, help_text='who is asked', size=None)),
                ('able_roles', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=32), default=list, help_text='with who stands in', size=None)),
                ('people', django.contrib.postgres.fields.ArrayField(base_field=models.UUIDField(), default=list, help_text='who is asked by name', size=None)),
                ('reserved_for', models.UUIDField(help_text='whom it was handed to', null=True)),
                ('together', models.CharField(default='any', max_length=8)),
                ('seats', models.PositiveSmallIntegerField(default=1)),
                ('needed', models.CharField(default='1', help_text='the share of a vote, such as 2/3', max_length=16)),
                ('quorum', models.PositiveSmallIntegerField(default=0)),
                ('completion', models.TextField(blank=True)),
                ('goes_on', models.BooleanField(default=False, help_text='a no is an answer, not the end')),
                ('escalate_to', models.CharField(blank=True, max_length=32)),
                ('status', models.CharField(choices=[('open', 'open'), ('approved', 'approved'), ('rejected', 'rejected'), ('returned', 'returned: its votes count no more'), ('closed', 'closed: the request ended without it')], default='open', max_length=8)),
                ('opened_at', models.DateTimeField()),
                ('due_at', models.DateTimeField(null=True)),
                ('ended_at', models.DateTimeField(null=True)),
                ('material_since', models.DateTimeField(help_text='it waits for material since then', null=True)),
                ('company', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='access.company')),
                ('instance', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='steps', to='approvals.flowinstance')),
                ('parent', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='added', to='approvals.flowstep')),
                ('request', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='steps', to='approvals.approvalrequest')),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('status', 'open')), fields=['company', 'due_at'], name='step_open_due')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('status', 'open'), ('task_id__isnull', False)), fields=('instance', 'task_id'), name='step_open_once_a_task'), models.CheckConstraint(condition=models.Q(models.Q(('ended_at__isnull', True), ('status', 'open')), models.Q(models.Q(('status', 'open'), _negated=True), ('ended_at__isnull', False)), _connector='OR'), name='step_ended_when_not_open')],
            },
        ),
        migrations.CreateModel(
            name='RequestNote',
            fields=[
                ('id', models.UUIDField(default=tradecredit.plumbing.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('kind', models.CharField(max_length=24)),
                ('actor_id', models.UUIDField()),
                ('actor_name', models.CharField(max_length=100)),
                ('text', models.TextField(blank=True)),
                ('mentions', django.contrib.postgres.fields.ArrayField(base_field=models.UUIDField(), default=list, size=None)),
                ('once_key', models.CharField(max_length=100, null=True, unique=True)),
                ('written_at', models.DateTimeField()),
                ('company', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='access.company')),
                ('request', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='notes', to='approvals.approvalrequest')),
                ('step', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='approvals.flowstep')),
            ],
            options={
                'indexes': [models.Index(fields=['request', 'written_at'], name='note_of_request')],
            },
        ),
        migrations.CreateModel(
            name='Vote',
            fields=[
                ('id', models.UUIDField(default=tradecredit.plumbing.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('requested_by_id', models.UUIDField()),
                ('actor_id', models.UUIDField()),
                ('actor_name', models.CharField(max_length=100)),
                ('role', models.CharField(max_length=32)),
                ('approves', models.BooleanField()),
                ('reason', models.TextField(blank=True)),
                ('reason_code', models.CharField(blank=True, max_length=32)),
                ('voted_at', models.DateTimeField()),
                ('place', models.CharField(blank=True, help_text='the seat that it fills in its step', max_length=64)),
                ('behalf_of_id', models.UUIDField(help_text='for whom a delegate voted', null=True)),
                ('behalf_of_name', models.CharField(blank=True, max_length=100)),
                ('company', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='access.company')),
                ('request', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='votes', to='approvals.approvalrequest')),
                ('step', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='votes', to='approvals.flowstep')),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('actor_id', models.F('requested_by_id')), _negated=True), name='vote_four_eyes'), models.UniqueConstraint(condition=models.Q(('step__isnull', True)), fields=('request', 'actor_id'), name='vote_once_a_person'), models.UniqueConstraint(condition=models.Q(('step__isnull', True)), fields=('request', 'role'), name='vote_once_a_role'), models.UniqueConstraint(condition=models.Q(('step__isnull', False)), fields=('step', 'place'), name='vote_once_a_place'), models.UniqueConstraint(condition=models.Q(('step__isnull', False)), fields=('step', 'actor_id'), name='vote_once_a_step')],
            },
        ),
    ]
