"""The tables of a project file. Times are UTC ISO 8601 with milliseconds; spans count code points.

``annotations.start`` and ``end`` repeat the extent of ``spans`` so that places can be sorted and searched;
JSON columns hold compact JSON with plain (not escaped) letters, which the full-text index reads too.
Recorded tables (:data:`RECORDED`) never point at unrecorded ones with a foreign key, so that undo can
restore any of their rows at any time, and never reuse a ``seq``, so that redo finds its place free.
"""

from sqlalchemy import (
    CheckConstraint,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    PrimaryKeyConstraint,
    Table,
    Text,
)

from models.store.columns import count as _count
from models.store.columns import metadata
from models.store.columns import text as _text

meta = Table("meta", metadata, Column("key", Text, primary_key=True), _text("value", null=False))

annotators = Table(
    "annotators",
    metadata,
    Column("seq", Integer, primary_key=True),
    _text("id", null=False, unique=True),
    _text("kind", null=False),
    _text("name", null=False),
    _text("extra"),
    sqlite_autoincrement=True,
)

runs = Table(
    "runs",
    metadata,
    Column("seq", Integer, primary_key=True),
    _text("id", null=False, unique=True),
    _text("pipeline", null=False),
    _text("version", null=False),
    _text("hash", null=False),
    _text("started", null=False),
    _text("extra"),
)

documents = Table(
    "documents",
    metadata,
    Column("seq", Integer, primary_key=True),
    _text("id", null=False, unique=True),
    _text("name", null=False),
    _text("title"),
    _text("source"),
    _text("publisher"),
    _text("date"),
    _text("language"),
    _text("metadata", null=False),
    _text("fingerprint", null=False),
    _count("length"),
    Column("text_seq", Integer, nullable=False),
    _text("furniture", null=False),
    _text("furniture_by", null=False),
    _text("imported", null=False),
    _count("revision", 1),
    _text("removed"),
    _text("extra"),
    _text("split"),
    _count("control"),
    _text("assigned"),
    sqlite_autoincrement=True,
)
"""``split``: train, dev or test. ``control`` hides suggestions until done. ``assigned``: annotators' ids (JSON)."""
# With ``removed`` the list of 100,000 documents is read without looking at a single row.
Index("documents_by_name", documents.c.name, documents.c.id, documents.c.removed)
Index("documents_by_fingerprint", documents.c.fingerprint)
Index("documents_by_text", documents.c.text_seq)
Index("controls", documents.c.id, documents.c.removed, sqlite_where=documents.c.control == 1)

texts = Table(
    "texts",
    metadata,
    Column("seq", Integer, primary_key=True),
    _text("document_id", null=False),
    _text("fingerprint", null=False),
    _text("text"),
)
Index("texts_by_document", texts.c.document_id)
Index("texts_by_fingerprint", texts.c.fingerprint)

suggestions = Table(
    "suggestions",
    metadata,
    _text("document_id", null=False),
    _text("id", null=False),
    Column("text_seq", Integer, nullable=False),
    Column("run_seq", Integer, ForeignKey("runs.seq"), nullable=False),
    _text("kind", null=False),
    _text("label", null=False),
    Column("start", Integer),
    Column("end", Integer),
    _text("spans"),
    _text("head"),
    _text("tail"),
    _text("facets"),
    Column("score", Float, nullable=False),
    _text("source", null=False),
    _count("covered"),
    PrimaryKeyConstraint("document_id", "id"),
    sqlite_with_rowid=False,
)
"""Clustered by document: opening one is a single range scan. ``spans`` only where there are several.

``covered``: what the memory proposes stands in front of it, so it is kept but not offered.
"""
Index(
    "suggested_relations",
    suggestions.c.document_id,
    suggestions.c.head,
    suggestions.c.tail,
    sqlite_where=suggestions.c.head.is_not(None),
)

analyses = Table(
    "analyses",
    metadata,
    Column("document_id", Text, primary_key=True),
    Column("text_seq", Integer, nullable=False),
    Column("run_seq", Integer, ForeignKey("runs.seq"), nullable=False),
    _count("suggestions"),
    _text("at", null=False),
    Column("value", Float, nullable=False, server_default="0"),
    sqlite_with_rowid=False,
)
"""Which pipeline run looked at which text of a document, and how much is offered there.

``value``: how much the pipeline would learn from decisions on the document (:mod:`models.worth`); 0: not known yet.
"""
Index("analyses_by_value", analyses.c.value)

thresholds = Table(
    "thresholds",
    metadata,
    Column("label", Text, primary_key=True),
    Column("least", Float, nullable=False),
    sqlite_with_rowid=False,
)
"""The least score with which suggestions of a label are offered."""

recall = Table(
    "recall",
    metadata,
    _text("subject", null=False),
    _text("item", null=False),
    _count("passed"),
    PrimaryKeyConstraint("subject", "item"),
    sqlite_with_rowid=False,
)
"""What the memory has yet to look at, written by triggers (:mod:`models.store.recall_tables`).

``subject``: ``document`` (item: its id), ``quote`` (an annotation's ``exact``), ``surface`` (a decision's), or ``pair``
(JSON of a relation's label, its head's ``exact`` and label, its tail's; empty: something was decided on relations).
``passed``: the number of the text up to which the corpus has been looked through.
"""

annotations = Table(
    "annotations",
    metadata,
    Column("seq", Integer, primary_key=True),
    _text("id", null=False, unique=True),
    _text("kind", null=False),
    _text("document_id", null=False),
    _text("label", null=False),
    Column("start", Integer),
    Column("end", Integer),
    _text("spans"),
    _text("exact"),
    _text("prefix"),
    _text("suffix"),
    _text("head"),
    _text("tail"),
    _text("facets"),
    _text("annotator_id", null=False),
    _text("state", null=False),
    _text("suggestion_id"),
    _text("origin", null=False),
    _text("register"),
    _text("note"),
    _text("created", null=False),
    _text("modified", null=False),
    _count("revision", 1),
    _count("orphan"),
    _text("extra"),
    CheckConstraint("kind IN ('entity','claim','relation')", name="annotation_kind"),
    CheckConstraint("kind = 'relation' OR (start IS NOT NULL AND start < \"end\")", name="annotation_place"),
    CheckConstraint("kind != 'relation' OR (head IS NOT NULL AND tail IS NOT NULL)", name="annotation_ends"),
    sqlite_autoincrement=True,
)
# With ``annotator_id`` an annotator's annotations are counted without looking at their rows.
Index("annotations_by_place", annotations.c.document_id, annotations.c.start, annotations.c.annotator_id)
Index("annotations_by_suggestion", annotations.c.suggestion_id)
Index("annotations_by_head", annotations.c.head)
Index("annotations_by_tail", annotations.c.tail)
Index("annotations_by_kind", annotations.c.kind, annotations.c.label)
# What is remembered of a form is read without looking at a single row.
Index(
    "annotations_by_quote",
    annotations.c.exact,
    annotations.c.label,
    annotations.c.annotator_id,
    annotations.c.kind,
    sqlite_where=annotations.c.kind != "relation",
)
# Mentions of a thing are counted, with the documents they are in, without looking at their rows.
Index(
    "annotations_by_thing",
    annotations.c.register,
    annotations.c.document_id,
    sqlite_where=annotations.c.register.is_not(None),
)

decisions = Table(
    "decisions",
    metadata,
    Column("seq", Integer, primary_key=True),
    _text("id", null=False, unique=True),
    _text("document_id", null=False),
    _text("suggestion_id", null=False),
    _text("suggestion", null=False),
    _text("label", null=False),
    Column("start", Integer),
    Column("end", Integer),
    _text("spans"),
    _text("surface"),
    _text("verdict", null=False),
    _text("scope", null=False),
    _text("result"),
    _text("annotator_id", null=False),
    _text("at", null=False),
    _text("extra"),
    sqlite_autoincrement=True,
)
"""``suggestion`` is a copy of what was judged, since suggestions come and go with pipelines.

``start``, ``end`` and ``spans`` follow the passage through corrected texts; NULL where it is gone.
"""
Index("decisions_by_place", decisions.c.document_id, decisions.c.annotator_id, decisions.c.start)
Index("decisions_by_suggestion", decisions.c.suggestion_id)
Index("decisions_by_scope", decisions.c.scope, sqlite_where=decisions.c.scope != "here")
Index(
    "decisions_by_surface",
    decisions.c.surface,
    decisions.c.label,
    decisions.c.annotator_id,
    sqlite_where=decisions.c.verdict != "accepted",
)

statuses = Table(
    "statuses",
    metadata,
    Column("seq", Integer, primary_key=True),
    _text("document_id", null=False),
    _text("annotator_id", null=False),
    _text("state", null=False),
    _text("at", null=False),
    _text("extra"),
    sqlite_autoincrement=True,
)
Index("statuses_by_document", statuses.c.document_id, statuses.c.annotator_id, unique=True)

notes = Table(
    "notes",
    metadata,
    Column("seq", Integer, primary_key=True),
    _text("id", null=False, unique=True),
    _text("document_id", null=False),
    _text("annotator_id", null=False),
    _text("text", null=False),
    _text("created", null=False),
    _text("modified", null=False),
    _count("revision", 1),
    _text("extra"),
    sqlite_autoincrement=True,
)
Index("notes_by_document", notes.c.document_id)

tombstones = Table(
    "tombstones",
    metadata,
    Column("seq", Integer, primary_key=True),
    _text("id", null=False, unique=True),
    _text("kind", null=False),
    _text("document_id", null=False),
    _text("annotator_id", null=False),
    _text("at", null=False),
    _count("revision", 1),
    _text("extra"),
    sqlite_autoincrement=True,
)
Index("tombstones_by_document", tombstones.c.document_id)

label_sets = Table(
    "label_sets",
    metadata,
    Column("seq", Integer, primary_key=True),
    _count("version", 1),
    _text("body", null=False),
    _text("created", null=False),
    sqlite_autoincrement=True,
)

register = Table(
    "register",
    metadata,
    Column("seq", Integer, primary_key=True),
    _text("id", null=False, unique=True),
    _text("label", null=False),
    _text("name", null=False),
    _text("aliases", null=False),
    _text("links", null=False),
    _text("extra"),
    sqlite_autoincrement=True,
)

conflicts = Table(
    "conflicts",
    metadata,
    Column("seq", Integer, primary_key=True),
    _text("id", null=False, unique=True),
    _text("document_id"),
    _text("body", null=False),
    sqlite_autoincrement=True,
)
"""What merging could not decide, as the exchange file tells it; ``document_id`` NULL for the project itself."""
Index("conflicts_by_document", conflicts.c.document_id)

change_sets = Table(
    "change_sets",
    metadata,
    Column("seq", Integer, primary_key=True),
    _text("command", null=False),
    _text("data", null=False),
    _text("document_id"),
    _text("focus"),
    _text("annotator_id"),
    _text("at", null=False),
    _text("state", null=False),
    sqlite_autoincrement=True,
)
"""One undo step each. ``state``: done, undone, superseded (undone, then something else was done), closed."""
Index("change_sets_by_state", change_sets.c.state, change_sets.c.seq)

changes = Table(
    "changes",
    metadata,
    Column("seq", Integer, primary_key=True),
    Column("change_set", Integer, ForeignKey("change_sets.seq"), nullable=False),
    _text("tbl", null=False),
    Column("row", Integer, nullable=False),
    _text("before"),
    _text("after"),
    sqlite_autoincrement=True,
)
Index("changes_by_set", changes.c.change_set, changes.c.seq)

recorder = Table(
    "recorder",
    metadata,
    Column("one", Integer, CheckConstraint("one = 1"), primary_key=True),
    Column("change_set", Integer),
)

RECORDED: tuple[Table, ...] = (
    documents,
    annotations,
    decisions,
    statuses,
    notes,
    tombstones,
    label_sets,
    register,
    annotators,
    conflicts,
)
"""Tables whose rows undo restores. All have ``seq`` as their integer primary key."""
