"""A curator's session without a window, told line by line, until somebody kills it.

Run by ``test_kill.py``: ``python killed_session.py PROJECT SEED``. After each step that is committed it
prints the number of the change set, how many steps can be undone, and a digest of everything undo restores.
"""

from __future__ import annotations

import hashlib
import random
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from app import commands as c
from app.services.corpus import import_documents
from app.services.suggestions import store_analysis
from app.workspace import Workspace
from models.documents import SourceDocument
from models.errors import UserError
from models.spans import Span
from models.store import writes
from models.store.tables import RECORDED
from models.suggestions import Analysis, PipelineInfo, Proposal

TEXT = (
    "Region Halland 😀 satsar på e-hälsa, säger Anna Berg i Ska\u030ane.\n"
    "Hälso\u00advården\u00a0kostar 3 miljoner. "
)
INFO = PipelineInfo("fejk", "1", "0")


def digest(workspace: Workspace) -> str:
    """Return a digest of all rows that undo restores."""
    told = hashlib.sha256()
    for table in RECORDED:
        for row in workspace.file.connection.execute(f"SELECT * FROM {table.name} ORDER BY seq"):
            told.update(repr((table.name, tuple(row))).encode())
    return told.hexdigest()[:16]


def standing(workspace: Workspace) -> int:
    """Return how many steps can be undone."""
    sql = "SELECT count(*) FROM change_sets WHERE state = 'done'"
    return int(workspace.file.connection.execute(sql).fetchone()[0])


def analysis(text: str) -> Analysis:
    """Return what the fake pipeline proposes."""
    found: list[Proposal] = []
    mentions = {"Region Halland": "ORGANISATION", "Anna Berg": "PERSON", "3 miljoner": "MONEY"}
    for words, label in mentions.items():
        at = text.find(words)
        while at >= 0:
            found.append(Proposal("entity", label, (Span(at, at + len(words)),), score=0.9, source="ord"))
            at = text.find(words, at + 1)
    found.append(Proposal("claim", "CLAIM", (Span(0, 35),), facets={"kind": "fact"}))
    people = [number for number, one in enumerate(found) if one.label == "PERSON"]
    found += [Proposal("relation", "ATTRIBUTED_TO", (), len(found) - 1, person) for person in people[:1]]
    return Analysis(tuple(found))


def begin(workspace: Workspace) -> None:
    """Import small texts and let the fake pipeline look at them; safe to begin again."""
    sources = [SourceDocument(f"{n}.txt", TEXT * 4 + str(n)) for n in range(4)]
    for _ in import_documents(workspace.writer, workspace.reads, sources):
        pass
    suggest(workspace)


def suggest(workspace: Workspace) -> None:
    """Store what the fake pipeline proposes for the present texts."""
    with workspace.writer.unrecorded() as work:
        run = writes.ensure_run(work, INFO)
        for document, text_seq in work.raw.execute("SELECT id, text_seq FROM documents").fetchall():
            said = analysis(workspace.reads.text(document))
            store_analysis(work, workspace.reads, document, text_seq, run, INFO, said)


def command(workspace: Workspace, chance: random.Random) -> c.Command:
    """Return any command that a curator might give."""
    ids = [row[0] for row in workspace.file.connection.execute("SELECT id FROM documents ORDER BY name")]
    document = chance.choice(ids)
    marks = workspace.marks.marks(document)
    keys = [mark.key for mark in marks] or ["nothing"]
    key, other = chance.choice(keys), chance.choice(keys)
    start = chance.randrange(len(TEXT))
    span = Span(start, start + chance.randint(1, 12))
    return chance.choice([
        c.Accept(document=document, key=key),
        c.Accept(document=document, key=key),
        c.AcceptAll(document=document, keys=tuple(keys)),
        c.Reject(document=document, key=key, scope=chance.choice(["here", "document", "corpus"])),
        c.Reopen(document=document, key=key),
        c.Relabel(document=document, key=key, label=chance.choice(["PERSON", "PLACE", "EVENT"])),
        c.MoveBoundaries(document=document, key=key, spans=(span,)),
        c.CreateAnnotation(document=document, kind="entity", label="PLACE", spans=(span,)),
        c.CreateRelation(document=document, label="SAME_AS", head=key, tail=other),
        c.SetNote(document=document, key=key, text=f"not {start}"),
        c.Delete(document=document, keys=(key,)),
        c.ApplyToIdentical(document=document, key=key, scope="corpus", create_missing=True),
        c.SetDone(document=document, done=chance.random() < 0.7),
        c.SetFurniture(document=document, start=span.start, end=span.end),
        c.SetDocumentNote(document=document, text=f"anteckning {start}"),
        c.ReplaceText(document=document, text=f"Nytt {start}. " + workspace.reads.text(document)[-900:]),
    ])  # fmt: skip


def main(path: Path, seed: int) -> None:
    """Work until killed."""
    chance = random.Random(seed)
    with Workspace.open(path) as workspace:
        if not workspace.file.connection.execute("SELECT 1 FROM analyses").fetchone():
            begin(workspace)
        while True:
            chosen = chance.random()
            try:
                if chosen < 0.02:
                    suggest(workspace)
                    continue
                if chosen < 0.15:
                    outcome = workspace.undo()
                elif chosen < 0.25:
                    outcome = workspace.redo()
                else:
                    outcome = workspace.run(command(workspace, chance))
            except UserError:
                continue
            if outcome is not None and outcome.change_set is not None:
                print(outcome.change_set, standing(workspace), digest(workspace), flush=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
