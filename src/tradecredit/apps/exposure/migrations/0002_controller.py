from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("exposure", "0001_initial"),
    ]

    operations = [
        migrations.AlterField(
            model_name="controlnode",
            name="kind",
            field=models.CharField(
                choices=[
                    ("group", "customers that are named"),
                    ("family", "a customer and those below it"),
                    ("salesperson", "salesperson"),
                    ("department", "department"),
                    ("region", "region"),
                    ("industry", "industry"),
                    ("controller", "ultimate controller"),
                    ("product_group", "product group"),
                    ("portfolio", "every customer"),
                ],
                max_length=16,
            ),
        ),
    ]
