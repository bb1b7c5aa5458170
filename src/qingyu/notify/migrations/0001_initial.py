import uuid

from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Delivery",
            fields=[
                (
                    "id",
                    models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID"),
                ),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("source_event", models.BigIntegerField()),
                ("follower", models.CharField(max_length=60)),
                (
                    "audience",
                    models.CharField(help_text="kind, or kind:code where several are told", max_length=60),
                ),
                (
                    "channel",
                    models.CharField(
                        choices=[
                            ("email", "e-mail"),
                            ("sms", "text message"),
                            ("file", "file"),
                            ("console", "console"),
                            ("inbox", "inbox"),
                        ],
                        max_length=10,
                    ),
                ),
                ("event_code", models.CharField(max_length=40)),
                ("address", models.BinaryField()),
                ("address_masked", models.CharField(max_length=255)),
                ("subject", models.BinaryField()),
                ("body", models.BinaryField()),
                ("language", models.CharField(max_length=10)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "waiting"),
                            ("sent", "sent"),
                            ("dead", "failed"),
                            ("cancelled", "cancelled"),
                        ],
                        default="waiting",
                        max_length=10,
                    ),
                ),
                ("attempts", models.PositiveSmallIntegerField(default=0)),
                ("next_at", models.DateTimeField()),
                ("last_error", models.CharField(blank=True, max_length=60)),
                ("idempotency_key", models.CharField(max_length=32, unique=True)),
                ("created_at", models.DateTimeField()),
                ("sent_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("state", "waiting")),
                        fields=["channel", "next_at"],
                        name="delivery_waiting",
                    ),
                    models.Index(condition=models.Q(("state", "dead")), fields=["id"], name="delivery_dead"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("source_event", "follower", "audience", "channel"),
                        name="one_delivery_per_event",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["waiting", "sent", "dead", "cancelled"])),
                        name="delivery_state_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("sent_at__isnull", False), ("state", "sent")),
                            models.Q(models.Q(("state", "sent"), _negated=True), ("sent_at__isnull", True)),
                            _connector="OR",
                        ),
                        name="delivery_sent_has_time",
                    ),
                ],
            },
        ),
    ]
