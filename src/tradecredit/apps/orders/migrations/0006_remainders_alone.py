import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('orders', '0005_fewer_indexes'),
    ]

    operations = [
        migrations.AlterField(
            model_name='order',
            name='split_of',
            field=models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='remainders', to='orders.order'),
        ),
        migrations.AddIndex(
            model_name='order',
            index=models.Index(condition=models.Q(('split_of__isnull', False)), fields=['split_of'], name='order_remainders'),
        ),
    ]
