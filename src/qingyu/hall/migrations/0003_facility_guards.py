"""The history of a facility is append-only in the database itself."""

from django.db import migrations

SQLITE = [
    """CREATE TRIGGER facility_event_no_update BEFORE UPDATE ON hall_facilityevent
       BEGIN SELECT RAISE(ABORT, 'events are append-only'); END""",
    """CREATE TRIGGER facility_event_no_delete BEFORE DELETE ON hall_facilityevent
       BEGIN SELECT RAISE(ABORT, 'events are append-only'); END""",
]
POSTGRESQL = [
    """CREATE FUNCTION facility_event_refuse() RETURNS trigger LANGUAGE plpgsql AS
       $$ BEGIN RAISE EXCEPTION 'events are append-only'; END $$""",
    """CREATE TRIGGER facility_event_no_change BEFORE UPDATE OR DELETE ON hall_facilityevent
       FOR EACH ROW EXECUTE FUNCTION facility_event_refuse()""",
]


def guard(apps, schema_editor):
    for statement in SQLITE if schema_editor.connection.vendor == "sqlite" else POSTGRESQL:
        schema_editor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [("hall", "0002_facilities")]
    operations = [migrations.RunPython(guard, migrations.RunPython.noop)]
