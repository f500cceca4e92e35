"""Every action a person can take in the window, as data.

Menus, shortcuts, the command palette, the cheat sheet and tests read this list; nothing else names a key.
Titles are in the catalogue: ``action.<id>``; a longer explanation, where there is one: ``action.<id>.tip``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Group = Literal[
    "project", "edit", "go", "curate", "relate", "register", "adjudicate", "team", "pipeline", "view", "help"
]
Needs = Literal[
    "nothing", "project", "document", "mark", "suggestion", "selection", "claim", "step", "target"
]


@dataclass(frozen=True, slots=True)
class Action:
    """One action: what it is called, which keys start it, where, and the method that carries it out.

    ``keys`` are portable key sequences. ``reader`` keys work while the text has the keyboard, so that single
    letters stay letters in fields; those of an action with a ``pane`` while that side pane has it. ``do`` names
    a controller of the window and its method. ``needs`` says what must be there for it to make sense. ``menu`` is
    False for what only keys and the palette offer.
    """

    id: str
    group: Group
    do: str
    keys: tuple[str, ...] = ()
    reader: bool = False
    needs: Needs = "nothing"
    menu: bool = True
    separator: bool = False
    pane: str | None = None

    @property
    def title_key(self) -> str:
        """The catalogue key of the action's title."""
        return f"action.{self.id}"


GROUPS: tuple[Group, ...] = (
    "project", "edit", "go", "curate", "relate", "register", "adjudicate", "team", "pipeline", "view", "help",
)  # fmt: skip

ACTIONS: tuple[Action, ...] = (
    Action("project.new", "project", "projects.new", ("Ctrl+N",)),
    Action("project.open", "project", "projects.open", ("Ctrl+O",)),
    Action("project.sample", "project", "projects.open_sample"),
    Action("project.import", "project", "transfer.import_files", ("Ctrl+I",), needs="project", separator=True),
    Action("project.import-folder", "project", "transfer.import_folder", ("Ctrl+Shift+I",), needs="project"),
    Action("project.import-annotations", "project", "transfer.import_annotations", needs="project"),
    Action("project.suggest", "project", "suggesting.suggest", ("Ctrl+G",), needs="project"),
    Action("project.pipeline", "project", "suggesting.choose_pipeline", needs="project"),
    Action("project.memory", "project", "remembering.open", ("Ctrl+M",), needs="project"),
    Action("project.labels", "project", "suggesting.edit_labels", ("Ctrl+L",), needs="project"),
    Action("project.export", "project", "transfer.export", ("Ctrl+E",), needs="project"),
    Action("project.save-copy", "project", "projects.save_copy", ("Ctrl+Shift+S",), needs="project", separator=True),
    Action("project.backups", "project", "projects.backups", needs="project"),
    Action("project.close", "project", "projects.close", ("Ctrl+W",), needs="project"),
    Action("project.settings", "project", "looks.settings", ("Ctrl+,",), separator=True),
    Action("project.quit", "project", "window.close", ("Ctrl+Q",)),
    Action("edit.undo", "edit", "curation.undo", ("Ctrl+Z",), needs="project"),
    Action("edit.redo", "edit", "curation.redo", ("Ctrl+Shift+Z", "Ctrl+Y"), needs="project"),
    Action("edit.copy", "edit", "curation.copy", ("Ctrl+C",), reader=True, needs="document", separator=True),
    Action("edit.search", "edit", "navigation.search", ("Ctrl+F",), needs="project", separator=True),
    Action("edit.next-hit", "edit", "navigation.next_hit", ("F3",), needs="project"),
    Action("edit.previous-hit", "edit", "navigation.previous_hit", ("Shift+F3",), needs="project"),
    Action("edit.palette", "edit", "manual.palette", ("Ctrl+P",), separator=True),
    Action("go.next-suggestion", "go", "going.next_suggestion", ("Tab",), reader=True, needs="document"),
    Action("go.previous-suggestion", "go", "going.previous_suggestion", ("Shift+Tab",), reader=True, needs="document"),
    Action("go.next-mark", "go", "going.next_mark", ("J",), reader=True, needs="document"),
    Action("go.previous-mark", "go", "going.previous_mark", ("K",), reader=True, needs="document"),
    Action("go.other-mark-here", "go", "going.other_mark_here", ("O",), reader=True, needs="mark"),
    Action("go.next-document", "go", "navigation.next_document", ("Ctrl+PgDown",), needs="project", separator=True),
    Action("go.previous-document", "go", "navigation.previous_document", ("Ctrl+PgUp",), needs="project"),
    Action("go.next-open-document", "go", "navigation.next_open_document", ("Ctrl+Shift+PgDown",), needs="project"),
    Action("go.uncertain", "go", "queueing.uncertain", ("T",), reader=True, needs="project", separator=True),
    Action("go.valuable", "go", "queueing.valuable", ("Shift+T",), reader=True, needs="project"),
    Action("go.text", "go", "navigation.focus_reader", ("Ctrl+1",), needs="document", separator=True),
    Action("go.documents", "go", "navigation.focus_documents", ("Ctrl+2",), needs="project"),
    Action("go.inspector", "go", "navigation.focus_inspector", ("Ctrl+3",), needs="project"),
    Action("go.claims", "go", "navigation.focus_claims", ("Ctrl+4",), needs="project"),
    Action("go.relations", "go", "navigation.focus_relations", ("Ctrl+5",), needs="project"),
    Action("go.history", "go", "navigation.focus_history", ("Ctrl+6",), needs="project"),
    Action("go.next-pane", "go", "navigation.next_pane", ("F6",), needs="project"),
    Action("curate.accept", "curate", "curation.accept", ("Return", "Enter"), reader=True, needs="mark"),
    Action("curate.reject", "curate", "curation.reject", ("X",), reader=True, needs="mark"),
    Action("curate.reject-document", "curate", "curation.reject_in_document", ("Shift+X",), reader=True, needs="mark"),
    Action("curate.reject-corpus", "curate", "curation.reject_in_corpus", ("Ctrl+Shift+X",), reader=True, needs="mark"),
    Action("curate.reopen", "curate", "curation.reopen", ("U",), reader=True, needs="mark"),
    Action("curate.delete", "curate", "curation.delete", ("Del", "Backspace"), reader=True, needs="mark"),
    Action("curate.accept-label", "curate", "curation.accept_label", ("Shift+Return",), reader=True, needs="mark"),
    Action("curate.accept-sentence", "curate", "accepting.sentence", ("Ctrl+Return", "Ctrl+Enter"), reader=True,
           needs="document"),
    Action("curate.accept-paragraph", "curate", "accepting.paragraph", ("Ctrl+Shift+Return", "Ctrl+Shift+Enter"),
           reader=True, needs="document"),
    Action("curate.accept-document", "curate", "accepting.document", ("Alt+Return", "Alt+Enter"), reader=True,
           needs="document"),
    Action("curate.identical", "curate", "curation.identical", ("A",), reader=True, needs="mark"),
    Action("curate.label", "curate", "labelling.choose", ("L",), reader=True, needs="document", separator=True),
    Action("curate.claim", "curate", "labelling.claim", ("C",), reader=True, needs="document"),
    Action("curate.facets", "curate", "curation.facets", ("F",), reader=True, needs="claim"),
    Action("curate.speaker", "curate", "curation.speaker", ("S",), reader=True, needs="claim"),
    Action("curate.note", "curate", "curation.note", ("N",), reader=True, needs="mark"),
    Action("curate.end-right", "curate", "boundaries.end_right", ("Alt+Right",), reader=True, needs="mark",
           separator=True),
    Action("curate.end-left", "curate", "boundaries.end_left", ("Alt+Left",), reader=True, needs="mark"),
    Action("curate.start-left", "curate", "boundaries.start_left", ("Alt+Shift+Left",), reader=True, needs="mark"),
    Action("curate.start-right", "curate", "boundaries.start_right", ("Alt+Shift+Right",), reader=True, needs="mark"),
    Action("curate.end-right-character", "curate", "boundaries.end_right_character", ("Ctrl+Alt+Right", "Alt+Down"),
           reader=True, needs="mark", menu=False),
    Action("curate.end-left-character", "curate", "boundaries.end_left_character", ("Ctrl+Alt+Left", "Alt+Up"),
           reader=True, needs="mark", menu=False),
    Action("curate.start-left-character", "curate", "boundaries.start_left_character",
           ("Ctrl+Alt+Shift+Left", "Alt+Shift+Up"), reader=True, needs="mark", menu=False),
    Action("curate.start-right-character", "curate", "boundaries.start_right_character",
           ("Ctrl+Alt+Shift+Right", "Alt+Shift+Down"), reader=True, needs="mark", menu=False),
    Action("curate.boundaries-to-selection", "curate", "boundaries.to_selection", ("M",), reader=True,
           needs="selection"),
    Action("curate.furniture", "curate", "curation.furniture", ("G",), reader=True, needs="selection", separator=True),
    Action("curate.document-note", "curate", "navigation.note_document", ("Shift+N",), reader=True, needs="document"),
    Action("curate.done", "curate", "curation.done", ("D",), reader=True, needs="document"),
    Action("relate.begin", "relate", "relating.begin", ("R",), reader=True, needs="mark"),
    Action("relate.cancel", "relate", "curation.escape", ("Esc",), reader=True, needs="document", menu=False),
    Action("register.begin", "register", "keeping.begin", ("Ctrl+9",), needs="project"),
    Action("thing.confirm", "register", "registering.confirm", ("Y",), reader=True, needs="mark", separator=True),
    Action("thing.choose", "register", "registering.choose", ("Shift+Y",), reader=True, needs="mark"),
    Action("thing.none", "register", "registering.refuse", ("Alt+Y",), reader=True, needs="mark"),
    Action("thing.new", "register", "registering.new", ("E",), reader=True, needs="mark"),
    Action("thing.unlink", "register", "registering.unlink", ("Shift+E",), reader=True, needs="mark"),
    Action("thing.show", "register", "registering.show", ("P",), reader=True, needs="mark"),
    Action("register.confirm-all", "register", "keeping.confirm_all", ("C",), pane="register", needs="project",
           separator=True),
    Action("register.new", "register", "keeping.make", ("N",), pane="register", needs="project"),
    Action("register.rename", "register", "keeping.rename", ("R", "F2"), pane="register", needs="project"),
    Action("register.merge", "register", "keeping.merge", ("M",), pane="register", needs="project"),
    Action("register.split", "register", "keeping.split", ("S",), pane="register", needs="project"),
    Action("register.delete", "register", "keeping.delete", ("Del",), pane="register", needs="project"),
    Action("register.import", "register", "registers.import_file", needs="project", separator=True),
    Action("register.import-starter", "register", "registers.import_starter", needs="project"),
    Action("register.export", "register", "registers.export_file", needs="project"),
    Action("register.export-table", "register", "registers.export_table", needs="project"),
    Action("register.sure", "register", "registers.toggle_sure", needs="project", separator=True),
    Action("adjudicate.begin", "adjudicate", "adjudicating.begin", ("Ctrl+7",), needs="project"),
    Action("adjudicate.at-once", "adjudicate", "adjudicating.take_at_once", ("T",), pane="adjudication",
           needs="project"),
    Action("adjudicate.accept", "adjudicate", "mixing.accept", ("Return", "Enter"), pane="adjudication",
           needs="document", separator=True),
    *(Action(f"adjudicate.take-{n}", "adjudicate", f"mixing.take_{n}", (str(n),), pane="adjudication",
             needs="document", menu=False) for n in range(1, 10)),
    Action("adjudicate.boundary", "adjudicate", "mixing.boundary_from", ("B",), pane="adjudication",
           needs="document"),
    Action("adjudicate.label", "adjudicate", "mixing.label_from", ("L",), pane="adjudication", needs="document"),
    Action("adjudicate.facets", "adjudicate", "mixing.facets_from", ("F",), pane="adjudication",
           needs="document"),
    Action("adjudicate.write", "adjudicate", "mixing.write", ("N",), pane="adjudication", needs="document"),
    Action("adjudicate.facet", "adjudicate", "mixing.choose_facet", ("Shift+F",), pane="adjudication",
           needs="document"),
    *(Action(f"adjudicate.{end}-{way.lower()}", "adjudicate", f"mixing.{end}_{way.lower()}", (f"{keys}{way}",),
             pane="adjudication", needs="document", menu=False)
      for end, keys in (("end", "Alt+"), ("start", "Alt+Shift+")) for way in ("Right", "Left")),
    Action("adjudicate.relate", "adjudicate", "linking.relate", ("R",), pane="adjudication", needs="document"),
    Action("adjudicate.wrong", "adjudicate", "adjudicating.wrong", ("X",), pane="adjudication", needs="document"),
    Action("adjudicate.reopen", "adjudicate", "adjudicating.reopen", ("U",), pane="adjudication", needs="document"),
    Action("adjudicate.cancel", "adjudicate", "mixing.cancel", ("Esc",), pane="adjudication", needs="document",
           menu=False),
    Action("adjudicate.next-open", "adjudicate", "adjudicating.next_open", ("Space",), pane="adjudication",
           needs="document", separator=True),
    Action("adjudicate.previous-open", "adjudicate", "adjudicating.previous_open", ("Shift+Space",),
           pane="adjudication", needs="document"),
    Action("adjudicate.next", "adjudicate", "adjudicating.next", ("J",), pane="adjudication", needs="document",
           menu=False),
    Action("adjudicate.previous", "adjudicate", "adjudicating.previous", ("K",), pane="adjudication",
           needs="document", menu=False),
    Action("adjudicate.end", "adjudicate", "adjudicating.go_to_end", ("E",), pane="adjudication", needs="document"),
    Action("adjudicate.names", "adjudicate", "adjudicating.toggle_names", ("H",), pane="adjudication",
           needs="project", separator=True),
    Action("conflict.begin", "adjudicate", "settling.begin", ("Ctrl+8",), needs="project", separator=True),
    *(Action(f"conflict.take-{n}", "adjudicate", f"settling.take_{n}", (str(n),), pane="conflicts",
             needs="project", menu=False) for n in range(1, 5)),
    Action("conflict.both", "adjudicate", "settling.both", ("B",), pane="conflicts", needs="project", menu=False),
    Action("conflict.neither", "adjudicate", "settling.neither", ("N",), pane="conflicts", needs="project",
           menu=False),
    Action("conflict.next", "adjudicate", "settling.next", ("J", "Space"), pane="conflicts", needs="project",
           menu=False),
    Action("conflict.previous", "adjudicate", "settling.previous", ("K", "Shift+Space"), pane="conflicts",
           needs="project", menu=False),
    Action("conflict.go", "adjudicate", "settling.go", ("Return", "Enter"), pane="conflicts", needs="project",
           menu=False),
    Action("team.packages", "team", "team.packages", needs="project"),
    Action("team.agreement", "team", "agreement.open", ("Ctrl+Shift+A",), needs="project"),
    Action("team.controls", "team", "team.controls", needs="project", separator=True),
    Action("team.usage", "team", "team.usage", needs="project"),
    Action("pipeline.train", "pipeline", "training.open", ("Ctrl+T",), needs="project"),
    Action("pipeline.evaluate", "pipeline", "training.evaluate", ("Ctrl+Shift+E",), needs="project"),
    Action("pipeline.learning", "pipeline", "learning.open", ("Ctrl+Shift+L",), needs="project", separator=True),
    Action("pipeline.take", "pipeline", "learning.take", needs="project"),
    Action("pipeline.back", "pipeline", "learning.back", needs="project"),
    Action("pipeline.allow", "pipeline", "learning.allow", needs="project", separator=True),
    Action("view.zoom-in", "view", "looks.zoom_in", ("Ctrl++", "Ctrl+=")),
    Action("view.zoom-out", "view", "looks.zoom_out", ("Ctrl+-",)),
    Action("view.zoom-reset", "view", "looks.zoom_reset", ("Ctrl+0",)),
    Action("view.arcs", "view", "looks.cycle_arcs", ("Shift+R",), reader=True, needs="document", separator=True),
    Action("view.rejected", "view", "looks.toggle_rejected", ("Shift+V",), reader=True, needs="document"),
    Action("view.others", "view", "looks.toggle_others", ("Shift+O",), reader=True, needs="document"),
    Action("view.shown", "view", "showing.open", ("Ctrl+Shift+V",), needs="project"),
    Action("view.peek", "view", "showing.peek", ("V",), reader=True, needs="document"),
    Action("view.documents", "view", "navigation.toggle_documents", ("F8",), separator=True),
    Action("view.side", "view", "navigation.toggle_side", ("F9",)),
    Action("view.theme", "view", "looks.toggle_theme", ("Ctrl+Shift+T",), separator=True),
    Action("view.language", "view", "looks.toggle_language"),
    Action("view.full-screen", "view", "looks.toggle_full_screen", ("F11",)),
    Action("help.keys", "help", "manual.keys", ("F1",)),
    Action("help.pages", "help", "manual.pages", ("Shift+F1",)),
    Action("help.about", "help", "manual.about"),
)  # fmt: skip


def action(wanted: str) -> Action:
    """Return the action with this id.

    Raises:
        KeyError: there is none.
    """
    for one in ACTIONS:
        if one.id == wanted:
            return one
    raise KeyError(wanted)
