"""The log is append-only in the database itself; the heads of its partitions; the index of search terms."""

from django.db import migrations

SQLITE = [
    """CREATE TRIGGER case_event_no_update BEFORE UPDATE ON cases_caseevent
       BEGIN SELECT RAISE(ABORT, 'events are append-only'); END""",
    """CREATE TRIGGER case_event_no_delete BEFORE DELETE ON cases_caseevent
       BEGIN SELECT RAISE(ABORT, 'events are append-only'); END""",
    """CREATE VIRTUAL TABLE cases_search USING fts5(
         terms, content='cases_searchentry', content_rowid='case_id', tokenize='unicode61 remove_diacritics 0')""",
    """CREATE TRIGGER search_insert AFTER INSERT ON cases_searchentry BEGIN
         INSERT INTO cases_search(rowid, terms) VALUES (new.case_id, new.terms); END""",
    """CREATE TRIGGER search_delete AFTER DELETE ON cases_searchentry BEGIN
         INSERT INTO cases_search(cases_search, rowid, terms) VALUES ('delete', old.case_id, old.terms); END""",
    """CREATE TRIGGER search_update AFTER UPDATE ON cases_searchentry BEGIN
         INSERT INTO cases_search(cases_search, rowid, terms) VALUES ('delete', old.case_id, old.terms);
         INSERT INTO cases_search(rowid, terms) VALUES (new.case_id, new.terms); END""",
]
POSTGRESQL = [
    """CREATE FUNCTION case_event_refuse() RETURNS trigger LANGUAGE plpgsql AS
       $$ BEGIN RAISE EXCEPTION 'events are append-only'; END $$""",
    """CREATE TRIGGER case_event_no_change BEFORE UPDATE OR DELETE ON cases_caseevent
       FOR EACH ROW EXECUTE FUNCTION case_event_refuse()""",
    "CREATE INDEX case_search_terms ON cases_searchentry USING gin (to_tsvector('simple', terms))",
]


def guard(apps, schema_editor):
    statements = SQLITE if schema_editor.connection.vendor == "sqlite" else POSTGRESQL
    for statement in statements:
        schema_editor.execute(statement)


def heads(apps, schema_editor):
    LogHead = apps.get_model("cases", "LogHead")
    LogHead.objects.bulk_create(LogHead(partition=number, head="0" * 64) for number in range(16))


class Migration(migrations.Migration):
    dependencies = [("cases", "0001_initial")]
    operations = [
        migrations.RunPython(guard, migrations.RunPython.noop),
        migrations.RunPython(heads, migrations.RunPython.noop),
    ]
