"""Rated services count beside outcomes, and what was taken up again was not settled: facts are made anew."""

from django.db import migrations, models


def start_again(apps, schema_editor):
    """The worker reads the log from its start; until it has, the figures are those of what it has read so far."""
    for name in ("CaseFact", "UnitDay", "SubjectDay"):
        apps.get_model("assessment", name).objects.all().delete()
    apps.get_model("cases", "Position").objects.filter(follower="facts").delete()


class Migration(migrations.Migration):
    dependencies = [("assessment", "0003_sides_and_subjects"), ("cases", "0007_lists_by_index")]

    operations = [
        migrations.RunPython(start_again, migrations.RunPython.noop),
        migrations.AddField(
            model_name="casefact",
            name="service",
            field=models.CharField(
                blank=True, help_text="no round: a call, letter or stage that was rated", max_length=50
            ),
        ),
        migrations.RemoveConstraint(model_name="casefact", name="one_fact_each_round"),
        migrations.AddConstraint(
            model_name="casefact",
            constraint=models.UniqueConstraint(fields=("case", "round", "service"), name="one_fact_each_round"),
        ),
    ]
