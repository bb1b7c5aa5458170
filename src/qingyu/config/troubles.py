"""What stops a command, in one line that says what to do about it."""

from __future__ import annotations

from qingyu.rules.refusals import Refusal

WORDS = {
    "not_migrated": "the database is not up to date; run: qingyu migrate",
    "made_by_newer": "the database was changed by a newer Qingyu ({migrations}); install that version",
    "key_missing": "the key {key} is missing; put it into {place} or QINGYU_FIELD_KEYS (from where you keep it)",
    "key_wrong": "the key {key} is not the one this database was sealed with; look at {place} and QINGYU_FIELD_KEYS",
    "key_malformed": "the key {key} is malformed; {place} and QINGYU_FIELD_KEYS hold lines ID:BASE64 of 32 bytes",
    "demo_on_public_host": (
        "there are demo accounts, whose passwords stand in a file, and {host} is not this machine alone; "
        "serve on 127.0.0.1, deactivate them, or insist with --allow-demo"
    ),
    "port_in_use": "port {port} of {host} is in use; stop what listens there or choose another with --port",
    "address_unknown": "{host} is no address of this machine; choose another with --host (127.0.0.1, 0.0.0.0)",
    "port_forbidden": "this user may not listen on port {port}; choose one above 1023 and put a proxy before it",
    "data_dir_readonly": "the data directory {path} cannot be written; make it belong to this user",
    "one_worker_on_sqlite": "SQLite has one writer: QINGYU_WORKERS={workers} needs PostgreSQL; leave it at 1",
    "channel_unknown": "{words}; look at QINGYU_EMAIL_URL and QINGYU_SMS_URL",
    "no_backup": "{path} is no backup of Qingyu ({words})",
    "backup_of_newer": "the backup was made by a newer Qingyu ({migrations}); install that version",
    "backup_exists": "{path} is there already; choose another name",
    "backup_damaged": "the backup is damaged: {name} does not fit its hash or is missing; take an older one",
    "no_folder": "there is no folder {path}",
    "no_room": "{path} has {free} free and {needed} are needed; make room or choose another place",
    "other_database": "the backup is of {theirs}, this installation uses {ours}; set QINGYU_DATABASE_URL to fit",
    "not_fresh": "the database is not empty ({table}); restore into a new data directory or an empty database",
    "worker_running": "Qingyu is running on this data directory; stop it first (and wait 15 s)",
    "keys_differ": "{path} holds other keys than the backup; move it away first, and keep it",
    "program_missing": "{program} is not installed (Debian: apt-get install postgresql-client)",
    "program_failed": "{program} failed: {words}",
    "database_damaged": "the database is damaged: {words}; restore the last good backup into a new data directory",
    "database_refuses": "the database refuses: {words}; look at QINGYU_DATABASE_URL",
}


def sentence(refusal: Refusal, *, place: object = "field-keys") -> str:
    """The line for a refusal; code and facts where no words are known."""
    words = WORDS.get(refusal.code)
    if words is None:
        facts = ", ".join(f"{name} {value}" for name, value in refusal.facts.items())
        return f"{refusal.code}: {facts}" if facts else refusal.code
    return words.format_map({"place": place, **refusal.facts})
