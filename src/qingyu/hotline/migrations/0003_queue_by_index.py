"""Who waits in a queue is found by index, however many calls there have been."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("hotline", "0002_kept_by_word")]

    operations = [
        migrations.AddIndex(
            model_name="call",
            index=models.Index(
                condition=models.Q(("state", "queued")), fields=["position", "joined_at"], name="call_queued"
            ),
        ),
    ]
