"""Guides, papers and forms are never edited, steps only added, in the database itself; the index of search terms."""

from django.db import migrations

GUARDED = {
    "catalog_itemversion": "valid_to",
    "catalog_formversion": "valid_to",
    "catalog_material": "",
    "catalog_itemstep": "",
}
SQLITE = [
    """CREATE VIRTUAL TABLE catalog_search USING fts5(
         name_terms, text_terms, content='catalog_itementry', content_rowid='version_id',
         tokenize='unicode61 remove_diacritics 0')""",
    """CREATE TRIGGER catalog_search_insert AFTER INSERT ON catalog_itementry BEGIN
         INSERT INTO catalog_search(rowid, name_terms, text_terms)
         VALUES (new.version_id, new.name_terms, new.text_terms); END""",
    """CREATE TRIGGER catalog_search_delete AFTER DELETE ON catalog_itementry BEGIN
         INSERT INTO catalog_search(catalog_search, rowid, name_terms, text_terms)
         VALUES ('delete', old.version_id, old.name_terms, old.text_terms); END""",
    """CREATE TRIGGER catalog_search_update AFTER UPDATE ON catalog_itementry BEGIN
         INSERT INTO catalog_search(catalog_search, rowid, name_terms, text_terms)
         VALUES ('delete', old.version_id, old.name_terms, old.text_terms);
         INSERT INTO catalog_search(rowid, name_terms, text_terms)
         VALUES (new.version_id, new.name_terms, new.text_terms); END""",
]
POSTGRESQL = [
    """CREATE FUNCTION catalog_refuse() RETURNS trigger LANGUAGE plpgsql AS
       $$ BEGIN RAISE EXCEPTION 'guides and forms are never edited, only followed by a new version'; END $$""",
    """ALTER TABLE catalog_itementry ADD COLUMN vector tsvector GENERATED ALWAYS AS (
         setweight(to_tsvector('simple', name_terms), 'A') || setweight(to_tsvector('simple', text_terms), 'D')
       ) STORED""",
    "CREATE INDEX catalog_search_terms ON catalog_itementry USING gin (vector)",
]


def guards(apps, vendor):
    for table, free in GUARDED.items():
        model = next(one for one in apps.get_app_config("catalog").get_models() if one._meta.db_table == table)
        columns = ", ".join(f'"{f.column}"' for f in model._meta.concrete_fields if f.column != free)
        head = f"CREATE TRIGGER {table}_no_update BEFORE UPDATE OF {columns} ON {table}"
        if vendor == "sqlite":
            yield f"{head} BEGIN SELECT RAISE(ABORT, 'never edited, only followed by a new version'); END"
        else:
            yield f"{head} FOR EACH ROW EXECUTE FUNCTION catalog_refuse()"


def guard(apps, schema_editor):
    vendor = schema_editor.connection.vendor
    for statement in SQLITE if vendor == "sqlite" else POSTGRESQL:
        schema_editor.execute(statement)
    for statement in guards(apps, vendor):
        schema_editor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [("catalog", "0001_initial")]
    operations = [migrations.RunPython(guard, migrations.RunPython.noop)]
