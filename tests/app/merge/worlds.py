"""A small corpus as an exchange file, and one person's hand on it."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from typing import Any

from models.ids import fingerprint
from models.reanchor import TextDifference, reanchor
from models.spans import Anchor, Span, anchor

Record = dict[str, Any]

TEXTS = (
    "Region Häradsbo 😀 satsar på va\u030ardrum, säger Anna Ek. Det kostar 12\u00a0miljoner i Mårdby.",
    "Va\u030ardrummet i Mårdby öppnar i höst 😀. Anna\u00a0Ek kallar det ett lyft\u00adprojekt för alla.",
    "Bo Lind vill vänta 😀 a\u030a. Mårdby säger nej, säger Anna Ek i dag.",
)
ANN, BO = "01970000-0000-7000-8000-0000000000a1", "01970000-0000-7000-8000-0000000000b0"
RUNS = ("01970000-0000-7000-8000-0000000000e1", "01970000-0000-7000-8000-0000000000e2")
THING = "01970000-0000-7000-8000-0000000000aa"


def uuid(space: int, number: int) -> str:
    """Return an id of one space: 0 is the base, 1 and on are the sides."""
    return f"0197{space:04x}-0000-7000-8000-{number:012x}"


def at(seconds: int) -> str:
    """Return a point in time."""
    return f"2026-03-01T{9 + seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}.000Z"


def words(text: str) -> list[tuple[int, int]]:
    """Return where a text's words stand."""
    found, place = [], 0
    for word in text.split(" "):
        if word:
            found.append((place, place + len(word)))
        place += len(word) + 1
    return found


def label_set() -> Record:
    """Return a small label set."""

    def label(identity: str, key: str, **more: Any) -> Record:
        return {
            "id": identity,
            "name": identity,
            "title": {"sv": identity.title()},
            "description": {},
            "color": "#112233",
            "key": key,
            "retired": False,
            **more,
        }

    kinds = [{"id": one, "title": {}, "description": {}, "key": None} for one in ("fact", "goal", "cause")]
    return {
        "id": "01970000-0000-7000-8000-00000000005e", "name": "Prov", "version": 1,
        "entities": [label("PERSON", "1"), label("PLACE", "2"), label("SPARE", "3")],
        "claims": {
            "labels": [label("CLAIM", "c")],
            "facets": [
                {"id": "kind", "title": {}, "description": {}, "type": "choice", "values": kinds},
                {"id": "topic", "title": {}, "description": {}, "type": "text"},
            ],
        },
        "relations": [
            label("ABOUT", "a", symmetric=False, pairs=[["CLAIM", "*"]]),
            label("KNOWS", "k", symmetric=True, pairs=[["PERSON", "PERSON"], ["PERSON", "PLACE"]]),
        ],
    }  # fmt: skip


class World:
    """A whole exchange file as data, and one person's hand on it. ``space`` keeps the ids of copies apart."""

    def __init__(self, data: Record, space: int = 0) -> None:
        self.data = data
        self.space = space
        self.made = 0
        self.time = 100 * space

    def copy(self, space: int) -> World:
        """Return a copy for another person."""
        return World(copy.deepcopy(self.data), space)

    # Looking and making -------------------------------------------------------------------------------------

    @property
    def documents(self) -> list[Record]:
        """The documents."""
        return self.data["documents"]  # type: ignore[no-any-return]

    def annotations(self, *lists: str) -> list[tuple[Record, str, Record]]:
        """Return (document, list, record) of all annotations."""
        lists = lists or ("entities", "claims", "relations")
        return [(doc, name, one) for doc in self.documents for name in lists for one in doc[name]]

    def ids(self) -> set[str]:
        """Return the ids of all annotations, deleted ones too."""
        graves = {one["id"] for document in self.documents for one in document["deleted"]}
        return graves | {one["id"] for _, _, one in self.annotations()}

    def new(self) -> str:
        """Return an id of this person's."""
        self.made += 1
        return uuid(self.space, self.made)

    def now(self) -> str:
        """Return the present, a second later each time."""
        self.time += 1
        return at(self.time)

    def touch(self, record: Record) -> None:
        """Note that a record was changed."""
        record["revision"] += 1
        if "modified" in record:
            record["modified"] = self.now()

    def mark(self, document: Record, name: str, span: tuple[int, int], **more: Any) -> Record:
        """Add an entity or a claim."""
        now = self.now()
        record = {
            "id": self.new(),
            "label": "PERSON",
            "annotator": ANN,
            "origin": {"by": "human"},
            "register": None,
            "note": None,
            "created": now,
            "modified": now,
            "revision": 1,
            **more,
        }
        self.place(document, record, [span])
        document[name].append(record)
        return record

    def place(self, document: Record, record: Record, spans: list[tuple[int, int]]) -> None:
        """Put a record on spans of its document's text."""
        found = anchor(document["text"], tuple(Span(*span) for span in spans))
        record |= {
            "spans": [list(span) for span in spans],
            "exact": list(found.exact),
            "prefix": found.prefix,
            "suffix": found.suffix,
        }
        record.pop("orphan", None)

    def relate(self, document: Record, head: str, tail: str, label: str) -> Record:
        """Add a relation."""
        now = self.now()
        record = {
            "id": self.new(),
            "label": label,
            "head": head,
            "tail": tail,
            "annotator": ANN,
            "register": None,
            "origin": {"by": "human"},
            "note": None,
            "created": now,
            "modified": now,
            "revision": 1,
        }
        document["relations"].append(record)
        return record

    def bury(self, document: Record, name: str, record: Record) -> None:
        """Delete a record with the relations that end on it, tombstones left."""
        document[name].remove(record)
        kind = {"entities": "entity", "claims": "claim", "relations": "relation", "notes": "note"}[name]
        grave = {"id": record["id"], "kind": kind, "annotator": record["annotator"], "at": self.now()}
        document["deleted"].append({**grave, "revision": record["revision"] + 1})
        for doc, _, one in self.annotations("relations"):
            if record["id"] in (one["head"], one["tail"]):
                self.bury(doc, "relations", one)

    def document(self, text: str, name: str) -> Record:
        """Add a document."""
        document: Record = {
            "id": self.new(),
            "name": name,
            "title": None,
            "source": None,
            "language": "sv",
            "metadata": {},
            "text": text,
            "fingerprint": fingerprint(text),
            "length": len(text),
            "furniture": [],
            "furniture_by": "none",
            "imported": self.now(),
            "revision": 1,
            "analysed_by": None,
            **{one: [] for one in ("entities", "claims", "relations", "suggestions", "decisions", "status")},
            "deleted": [],
            "notes": [],
        }
        self.documents.append(document)
        return document

    def analyse(self, document: Record, run: int) -> None:
        """Let a pipeline propose a person, a place, a claim and a relation between them."""
        spans = words(document["text"])
        proposals: list[Record] = []
        for number, (kind, label) in enumerate((("entity", "PERSON"), ("entity", "PLACE"), ("claim", "CLAIM"))):
            one = {
                "id": uuid(0xF0 + run, int(document["fingerprint"][7:14], 16) * 10 + number),
                "kind": kind,
                "label": label,
                "spans": [list(spans[(number + run) % len(spans)])],
                "score": 0.5,
                "run": RUNS[run],
                "source": "regel",
            }
            proposals.append(one | ({"facets": {"kind": "fact"}} if kind == "claim" else {}))
        relation = {
            "id": uuid(0xF0 + run, int(document["fingerprint"][7:14], 16) * 10 + 9), "kind": "relation",
            "label": "ABOUT", "head": proposals[2]["id"], "tail": proposals[0]["id"], "score": 0.25,
            "run": RUNS[run], "source": "regel",
        }  # fmt: skip
        proposals.append(relation)
        self._retire(document)
        new = {one["id"]: one for one in proposals}
        document["suggestions"] = [one for one in document["suggestions"] if one["id"] not in new] + proposals
        for decision in document["decisions"]:
            if decision["suggestion"] in new and decision.get("spans") == new[decision["suggestion"]].get("spans"):
                decision.pop("spans", None)
        document["analysed_by"] = RUNS[run]

    def _retire(self, document: Record) -> None:
        """What was judged is past, the rest of the suggestions is gone."""
        judged = {one["suggestion"] for one in document["decisions"]}
        for decision in document["decisions"]:
            found = next(one for one in document["suggestions"] if one["id"] == decision["suggestion"])
            if not found.get("past") and "spans" not in decision and found.get("spans"):
                decision["spans"] = found["spans"]
        document["suggestions"] = [{**one, "past": True} for one in document["suggestions"] if one["id"] in judged]
        document["analysed_by"] = None

    def correct(self, document: Record, text: str) -> None:
        """Give a document another text, as the program does."""
        difference = TextDifference(document["text"], text)
        self._retire(document)
        for name in ("entities", "claims"):
            for one in document[name]:
                kept = Anchor(tuple(one["exact"]), one["prefix"], one["suffix"])
                orphan = bool(one.get("orphan"))
                found = reanchor(tuple(Span(*s) for s in one["spans"]), kept, text, None if orphan else difference)
                before = dict(one)
                document_text, document["text"] = document["text"], text
                if found is None:
                    one["orphan"] = True
                else:
                    self.place(document, one, [tuple(span) for span in found])
                document["text"] = document_text
                if one != before:
                    self.touch(one)
        for decision in document["decisions"]:
            if decision.get("spans"):
                moved = [difference.move(Span(*span)) for span in decision["spans"]]
                decision["spans"] = [list(span) for span in moved if span] if all(moved) else []
            if not decision.get("spans"):
                decision.pop("spans", None)
        moved_furniture = [difference.move(Span(*span)) for span in document["furniture"]]
        document |= {
            "text": text,
            "fingerprint": fingerprint(text),
            "length": len(text),
            "furniture": [list(span) for span in moved_furniture if span],
        }
        document["revision"] += 1

    # Writing --------------------------------------------------------------------------------------------------

    def raw(self) -> bytes:
        """Return the file."""
        lines = []
        data = self.data
        counts = {name: len(data[name]) for name in ("annotators", "runs", "register", "documents")}
        for name in ("entities", "claims", "relations", "suggestions", "decisions", "status", "deleted", "notes"):
            counts[name] = sum(len(document[name]) for document in self.documents)
        counts["deleted"] += len(data["deleted"])
        for name in ("conflicts", "effort"):
            if number := sum(len(document.get(name, ())) for document in (data, *self.documents)):
                counts[name] = number
        head = {
            "format": "exchange",
            "version": "1.0",
            "offsets": "code points",
            "counts": counts,
            "project": {"id": uuid(0, 0xABC), "name": "Prov 😀"},
        }
        lines.append('{"kurator":' + line(head))
        lines.append('"label_set":' + line(data["label_set"]))
        known = ["annotators", "runs", "register", "deleted", "conflicts"]
        more = sorted(data.keys() - {*known, "documents", "label_set"})
        for name in (*known, *more):
            if name != "conflicts" or data.get(name):
                lines.append(f'"{name}":' + listed(sorted(data[name], key=lambda one: one["id"])))
        documents = sorted(self.documents, key=lambda one: (one["name"], one["id"]))
        inside = ",\n".join(map(self._document, documents))
        return (",\n".join(lines) + ',\n"documents":[' + ("\n" + inside if inside else "") + "]}\n").encode()

    def _document(self, document: Record) -> str:
        here = {one["id"]: extent(one) for name in ("entities", "claims") for one in document[name]}
        offered = {one["id"]: extent(one) for one in document["suggestions"] if not one.get("past")}
        told = {one["id"]: one for one in document["suggestions"]}

        def standing(one: Record) -> tuple[int, ...]:
            suggestion = told[one["suggestion"]]
            spans = one["spans"] if "spans" in one else [] if suggestion.get("past") else suggestion.get("spans", [])
            return extent({"spans": spans})

        orders: dict[str, Callable[[Record], Any]] = {
            "entities": lambda one: (extent(one), one["id"]),
            "claims": lambda one: (extent(one), one["id"]),
            "relations": lambda one: (one["head"] not in here, here.get(one["head"], ()), one["id"]),
            "suggestions": lambda one: (
                (2, (), one["id"])
                if one.get("past")
                else (1, offered[one["head"]], one["id"])
                if one["kind"] == "relation"
                else (0, extent(one), one["id"])
            ),
            "decisions": lambda one: (not standing(one), standing(one), one["id"]),
            "status": lambda one: one["annotator"],
            "deleted": lambda one: one["id"],
            "notes": lambda one: one["id"],
            "conflicts": lambda one: one["id"],
            "effort": lambda one: (one["annotator"], one["label"], one["action"]),
        }
        more = sorted(name for name in document if name.startswith("x_list"))
        fields = {name: value for name, value in document.items() if name not in orders and name not in more}
        parts = [line(fields)[:-1]]
        for name, order in orders.items():
            if name not in ("conflicts", "effort") or document.get(name):
                parts.append(f'"{name}":' + listed(sorted(document[name], key=order)))
        parts += [f'"{name}":' + listed(document[name]) for name in more]
        return ",\n".join(parts) + "}"


def extent(record: Record) -> tuple[int, ...]:
    """Return where a record begins and ends, nothing where it has no place."""
    return (record["spans"][0][0], record["spans"][-1][1]) if record.get("spans") else ()


def line(record: Any) -> str:
    """Return a record as canonical JSON, written by another library than the program's."""
    return json.dumps(record, sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def listed(records: list[Record]) -> str:
    """Return a list, a record on each line."""
    return "[" + ("\n" + ",\n".join(map(line, records)) if records else "") + "]"


def base_world() -> World:
    """Return a corpus of three documents with a little of everything."""
    world = World(
        {
            "label_set": label_set(),
            "annotators": [{"id": ANN, "kind": "human", "name": "Ann"}, {"id": BO, "kind": "human", "name": "Bo"}],
            "runs": [
                {"id": run, "pipeline": f"regler-{number}", "version": "1", "hash": "0", "started": at(number)}
                for number, run in enumerate(RUNS)
            ],
            "register": [{"id": THING, "label": "PERSON", "name": "Anna Ek", "aliases": ["Ek"], "links": {"q": "1"}}],
            "deleted": [],
            "documents": [],
            "x_things": [{"id": uuid(0, 0xD00), "value": 1}],
        }
    )
    for number, text in enumerate(TEXTS):
        document = world.document(text, f"{'abc'[number]}.txt")
        spans = words(text)
        first = world.mark(document, "entities", spans[0], register=THING)
        second = world.mark(document, "entities", spans[3], label="PLACE")
        world.mark(document, "entities", spans[3], label="PLACE", annotator=BO)
        claim = world.mark(
            document, "claims", (spans[1][0], spans[4][1]), label="CLAIM", facets={"kind": "fact", "topic": "å"}
        )
        world.relate(document, claim["id"], first["id"], "ABOUT")
        world.relate(document, claim["id"], second["id"], "ABOUT")
        world.analyse(document, 0)
        document["status"].append({"annotator": BO, "state": "open", "at": at(5)})
        now = world.now()
        document["notes"].append(
            {"id": world.new(), "annotator": ANN, "text": "Läs om.", "created": now, "modified": now, "revision": 1}
        )
        document["x_list"] = [{"id": uuid(0, 0xE00 + number), "value": "a"}]
    one, two = world.documents[0], world.documents[1]
    world.relate(one, one["claims"][0]["id"], two["entities"][0]["id"], "ABOUT")
    return world
