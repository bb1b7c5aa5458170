"""Facts know what the person called says about being contacted, so they are made anew from the first event."""

import django.db.models.deletion
from django.db import migrations, models


def start_again(apps, schema_editor):
    """The worker reads the log from its start; until it has, the figures are those of what it has read so far."""
    apps.get_model("assessment", "CaseFact").objects.all().delete()
    apps.get_model("assessment", "UnitDay").objects.all().delete()
    apps.get_model("cases", "Position").objects.filter(follower="facts").delete()


class Migration(migrations.Migration):
    dependencies = [
        ("assessment", "0001_initial"),
        ("cases", "0001_initial"),
        ("people", "0001_initial"),
    ]

    operations = [
        migrations.AddField(
            model_name="casefact",
            name="denied",
            field=models.BooleanField(default=False, help_text="called, the person says that nobody got in touch"),
        ),
        migrations.CreateModel(
            name="PublishedMonth",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("month", models.DateField(help_text="its first day", unique=True)),
                ("at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="PublishedCount",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("measure", models.CharField(max_length=28)),
                ("count", models.IntegerField()),
                (
                    "unit",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.unit",
                    ),
                ),
                (
                    "month",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="counts",
                        to="assessment.publishedmonth",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("month", "unit", "measure"), name="one_published_count")
                ],
            },
        ),
        migrations.RunPython(start_again, migrations.RunPython.noop),
    ]
