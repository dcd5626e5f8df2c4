import django.contrib.postgres.fields
import django.db.models.deletion
import tradecredit.plumbing.fields
import tradecredit.plumbing.ids
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('auth', '0012_alter_user_first_name_max_length'),
    ]

    operations = [
        migrations.CreateModel(
            name='User',
            fields=[
                ('password', models.CharField(max_length=128, verbose_name='password')),
                ('last_login', models.DateTimeField(blank=True, null=True, verbose_name='last login')),
                ('is_superuser', models.BooleanField(default=False, help_text='Designates that this user has all permissions without explicitly assigning them.', verbose_name='superuser status')),
                ('id', models.UUIDField(default=tradecredit.plumbing.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('email', models.EmailField(max_length=254, unique=True)),
                ('name', models.CharField(max_length=100)),
                ('language', models.CharField(default='zh-hans', max_length=16)),
                ('phone', models.CharField(blank=True, max_length=32)),
                ('is_active', models.BooleanField(default=True)),
                ('is_staff', models.BooleanField(default=False)),
                ('is_demo', models.BooleanField(default=False)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('groups', models.ManyToManyField(blank=True, help_text='The groups this user belongs to. A user will get all permissions granted to each of their groups.', related_name='user_set', related_query_name='user', to='auth.group', verbose_name='groups')),
                ('user_permissions', models.ManyToManyField(blank=True, help_text='Specific permissions for this user.', related_name='user_set', related_query_name='user', to='auth.permission', verbose_name='user permissions')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='ApiToken',
            fields=[
                ('id', models.UUIDField(default=tradecredit.plumbing.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('name', models.CharField(blank=True, max_length=100)),
                ('token_hash', models.CharField(max_length=64, unique=True)),
                ('role', models.CharField(blank=True, max_length=32)),
                ('companies', django.contrib.postgres.fields.ArrayField(base_field=models.UUIDField(), default=list, size=None)),
                ('created_at', models.DateTimeField()),
                ('expires_at', models.DateTimeField(null=True)),
                ('revoked_at', models.DateTimeField(null=True)),
                ('latest_use_at', models.DateTimeField(null=True)),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='Company',
            fields=[
                ('id', models.UUIDField(default=tradecredit.plumbing.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('code', models.CharField(max_length=32, unique=True)),
                ('name', models.CharField(max_length=200)),
                ('name_en', models.CharField(blank=True, max_length=200)),
                ('base_currency', tradecredit.plumbing.fields.CurrencyField(default='CNY', max_length=3)),
                ('time_zone', models.CharField(default='Asia/Shanghai', max_length=64)),
                ('language', models.CharField(default='zh-hans', max_length=16)),
                ('is_sandbox', models.BooleanField(default=False)),
                ('sandbox_day', models.DateField(blank=True, null=True)),
                ('created_at', models.DateTimeField()),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('is_sandbox', True), ('sandbox_day__isnull', True), _connector='OR'), name='company_only_a_sandbox_has_its_own_day')],
            },
        ),
        migrations.CreateModel(
            name='DayOff',
            fields=[
                ('id', models.UUIDField(default=tradecredit.plumbing.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('day', models.DateField()),
                ('is_workday', models.BooleanField(default=False)),
                ('name', models.CharField(max_length=100)),
                ('company', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='access.company')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('company', 'day'), name='day_off_once')],
            },
        ),
        migrations.CreateModel(
            name='Membership',
            fields=[
                ('id', models.UUIDField(default=tradecredit.plumbing.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('role', models.CharField(choices=[('sales', 'sales'), ('sales_manager', 'sales_manager'), ('sales_director', 'sales_director'), ('credit_specialist', 'credit_specialist'), ('credit_manager', 'credit_manager'), ('risk_director', 'risk_director'), ('finance_manager', 'finance_manager'), ('cfo', 'cfo'), ('collector', 'collector'), ('legal', 'legal'), ('management', 'management'), ('admin', 'admin'), ('auditor', 'auditor'), ('integration', 'integration')], max_length=32)),
                ('row_kind', models.CharField(choices=[('all', 'all'), ('region', 'region'), ('team', 'team'), ('own', 'own')], default='all', max_length=8)),
                ('row_value', models.CharField(blank=True, max_length=100)),
                ('company', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='access.company')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='memberships', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('user', 'company', 'role'), name='membership_once_a_role')],
            },
        ),
    ]
