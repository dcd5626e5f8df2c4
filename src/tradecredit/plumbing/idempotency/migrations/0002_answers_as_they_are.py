from django.db import migrations

# An answer to a call of many checks is long and is read hardly ever: it is not worth being compressed.
_AS_IT_IS = 'ALTER TABLE idempotency_idempotencyrecord ALTER COLUMN answer SET STORAGE EXTERNAL'
_COMPRESSED = 'ALTER TABLE idempotency_idempotencyrecord ALTER COLUMN answer SET STORAGE EXTENDED'


class Migration(migrations.Migration):

    dependencies = [
        ('idempotency', '0001_initial'),
    ]

    operations = [
        migrations.RunSQL(sql=_AS_IT_IS, reverse_sql=_COMPRESSED),
    ]
