"""Versions and steps are append-only in the database itself; the index of search terms."""

from django.db import migrations

SQLITE = [
    *(
        f"""CREATE TRIGGER {table}_no_{act.lower()} BEFORE {act} ON {table}
       BEGIN SELECT RAISE(ABORT, 'versions and steps are append-only'); END"""
        for table in ("knowledge_answerversion", "knowledge_answerstep")
        for act in ("UPDATE",)
    ),
    """CREATE VIRTUAL TABLE knowledge_search USING fts5(
         title_terms, text_terms, content='knowledge_answerentry', content_rowid='version_id',
         tokenize='unicode61 remove_diacritics 0')""",
    """CREATE TRIGGER knowledge_search_insert AFTER INSERT ON knowledge_answerentry BEGIN
         INSERT INTO knowledge_search(rowid, title_terms, text_terms)
         VALUES (new.version_id, new.title_terms, new.text_terms); END""",
    """CREATE TRIGGER knowledge_search_delete AFTER DELETE ON knowledge_answerentry BEGIN
         INSERT INTO knowledge_search(knowledge_search, rowid, title_terms, text_terms)
         VALUES ('delete', old.version_id, old.title_terms, old.text_terms); END""",
    """CREATE TRIGGER knowledge_search_update AFTER UPDATE ON knowledge_answerentry BEGIN
         INSERT INTO knowledge_search(knowledge_search, rowid, title_terms, text_terms)
         VALUES ('delete', old.version_id, old.title_terms, old.text_terms);
         INSERT INTO knowledge_search(rowid, title_terms, text_terms)
         VALUES (new.version_id, new.title_terms, new.text_terms); END""",
]
POSTGRESQL = [
    """CREATE FUNCTION knowledge_refuse() RETURNS trigger LANGUAGE plpgsql AS
       $$ BEGIN RAISE EXCEPTION 'versions and steps are append-only'; END $$""",
    *(
        f"""CREATE TRIGGER {table}_no_update BEFORE UPDATE ON {table}
       FOR EACH ROW EXECUTE FUNCTION knowledge_refuse()"""
        for table in ("knowledge_answerversion", "knowledge_answerstep")
    ),
    """ALTER TABLE knowledge_answerentry ADD COLUMN vector tsvector GENERATED ALWAYS AS (
         setweight(to_tsvector('simple', title_terms), 'A') || setweight(to_tsvector('simple', text_terms), 'D')
       ) STORED""",
    "CREATE INDEX knowledge_search_terms ON knowledge_answerentry USING gin (vector)",
]


def guard(apps, schema_editor):
    for statement in SQLITE if schema_editor.connection.vendor == "sqlite" else POSTGRESQL:
        schema_editor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [("knowledge", "0001_initial")]
    operations = [migrations.RunPython(guard, migrations.RunPython.noop)]
