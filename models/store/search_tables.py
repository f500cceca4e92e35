"""The full-text indexes over texts and annotations, and the triggers that keep the second one."""

SEARCH = (
    # å is a letter of its own in Swedish, so diacritics count; combining marks stay inside their word.
    "CREATE VIRTUAL TABLE text_search USING fts5(text, content='texts', content_rowid='seq', "
    "tokenize=\"unicode61 remove_diacritics 0 categories 'L* N* Co Mn'\")",
    "CREATE VIRTUAL TABLE annotation_search USING fts5(body, "
    "tokenize=\"unicode61 remove_diacritics 0 categories 'L* N* Co Mn'\")",
    # Small index pages make the merging that an import causes now and then hold the file half as long.
    "INSERT INTO text_search(text_search, rank) VALUES ('pgsz', 1000)",
)

_BODY = (
    "coalesce({0}.exact,'') || ' ' || {0}.label || ' ' || coalesce({0}.note,'') || ' ' || "
    "coalesce({0}.facets,'')"
)

SEARCH_TRIGGERS = (
    "CREATE TRIGGER annotation_search_insert AFTER INSERT ON annotations BEGIN "
    f"INSERT INTO annotation_search(rowid, body) VALUES (new.seq, {_BODY.format('new')}); END",
    "CREATE TRIGGER annotation_search_delete AFTER DELETE ON annotations BEGIN "
    "DELETE FROM annotation_search WHERE rowid = old.seq; END",
    "CREATE TRIGGER annotation_search_update AFTER UPDATE OF exact, label, note, facets ON annotations BEGIN "
    f"UPDATE annotation_search SET body = {_BODY.format('new')} WHERE rowid = new.seq; END",
)
