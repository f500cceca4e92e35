"""The document in the middle: a line about it, the reader, and what the keyboard is up to."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QStackedLayout,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from app.commands import SetDone
from app.messages import language, tr
from app.services.annotation_views import others
from app.services.controls import is_hidden
from models.documents import Document
from models.history import Focus, Touched
from models.labels import Facet, LabelSet, RelationLabel, localised
from models.marks import Mark
from ui.bridge import Bridge
from ui.panes.reader.settings import ReaderSettings
from ui.panes.reader.view import ReaderView
from ui.theme import LabelStyle, Palette, resolve
from ui.widgets.elided_label import ElidedLabel
from ui.widgets.meter import Meter

MANY = 2000
"""From this many marks on, a document is shown with its first ones before the rest is read."""
SCREENFUL = 20_000
"""How far the first marks reach, in code points: some screens of the smallest text."""
REST_MS = 1


class DocumentPane(QWidget):
    """Shows the bridge's document and keeps the reader in step with the project.

    ``import_wanted()`` is emitted by the button that an empty corpus offers, ``others_wanted()`` by the one that
    shows or hides what other annotators marked.
    """

    import_wanted = Signal()
    others_wanted = Signal()

    def __init__(self, bridge: Bridge, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._bridge = bridge
        self._reading: str | None = None
        self._cases: tuple[int, int] | None = None
        self._me = ""
        self._revealed: str | None = None
        self.reader = ReaderView()
        self._make_header()
        self._make_hint()
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.setInterval(REST_MS)
        self._rest.timeout.connect(self._complete)
        self._empty = QLabel()
        self._empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._empty.setWordWrap(True)
        self._lay_out()
        bridge.project_changed.connect(self._labels_changed)
        bridge.document_changed.connect(self._show_document)
        bridge.changed.connect(self._follow)
        bridge.focus_wanted.connect(self._look)
        bridge.settings_changed.connect(self.apply_settings)
        self.reader.focus_changed.connect(bridge.set_mark)
        self.reader.selection_changed.connect(lambda _: bridge.set_selection(self.reader.fragments))
        self.apply_settings()
        self.retranslate()

    def _make_header(self) -> None:
        self._title = ElidedLabel()
        self._title.setObjectName("documentTitle")
        self._facts = ElidedLabel()
        self._facts.setObjectName("documentFacts")
        self._progress = Meter()
        self._count = QLabel()
        self.others = QToolButton()
        self.others.setCheckable(True)
        self.others.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextOnly)
        self.others.clicked.connect(self.others_wanted)
        self.done = QToolButton()
        self.done.setCheckable(True)
        self.done.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextOnly)
        self.done.clicked.connect(self._toggle_done)

    def _make_hint(self) -> None:
        self.hint = QLabel()
        self.hint.setObjectName("readerHint")
        self.hint.setVisible(False)
        self.hint.setWordWrap(True)
        self.hint.setMargin(10)
        self.hint.setAutoFillBackground(True)
        self.hint.setBackgroundRole(QPalette.ColorRole.Highlight)
        self.hint.setForegroundRole(QPalette.ColorRole.HighlightedText)

    def _lay_out(self) -> None:
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(self._title)
        words.addWidget(self._facts)
        header = QHBoxLayout()
        header.setContentsMargins(16, 10, 16, 8)
        header.setSpacing(12)
        header.addLayout(words, 1)
        header.addWidget(self.others)
        header.addWidget(self._count)
        header.addWidget(self._progress)
        header.addWidget(self.done)
        self._header = QWidget()
        self._header.setLayout(header)
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._header)
        column.addWidget(self.reader, 1)
        column.addWidget(self.hint)
        self._stack = QStackedLayout(self)
        self._stack.addWidget(self._empty)
        self._stack.addWidget(page)

    # Following the project --------------------------------------------------------------------------------

    def _labels_changed(self) -> None:
        if self._bridge.is_open:
            self._me = self._bridge.workspace.reads.me
            self.reader.set_palette(palette(self._bridge.workspace.reads.label_set()))

    def _show_document(self, document: str | None) -> None:
        if document is None:
            self.reader.clear()
            self._stack.setCurrentIndex(0)
            return
        workspace = self._bridge.workspace
        self._revealed = None
        record = workspace.reads.document(document)
        text = workspace.reads.text(document)
        many = record.suggestions + record.annotations > MANY
        marks = workspace.marks.beginning(document, SCREENFUL) if many else workspace.marks.marks(document)
        self.reader.show_document(document, text, self._shown(marks), record.furniture)
        self._show_facts(record)
        self._show_others(document)
        self._stack.setCurrentIndex(1)
        if many:
            self._rest.start()

    def _complete(self) -> None:
        """Add the marks beyond the first screens, now that these are painted."""
        self._rest.stop()
        document = self._bridge.document
        if document is not None and document == self.reader.document_id:
            self.reader.complete(self._shown(self._bridge.workspace.marks.marks(document)), SCREENFUL)

    def _shown(self, marks: Iterable[Mark]) -> list[Mark]:
        """Return the marks that have a place; orphans are listed in the inspector only."""
        return [mark for mark in marks if (mark.kind == "relation" or mark.spans) and self.shows(mark)]

    def shows(self, mark: Mark) -> bool:
        """Whether the text shows this mark: by whom it is, and whose annotations are wanted."""
        if self._reading is not None:
            return mark.annotator == self._reading and mark.annotation is not None
        mine = mark.annotator in (None, self._me)
        return mine or self._bridge.settings.show_others or mark.key == self._revealed

    def show_reading(self, annotator: str | None) -> None:
        """Show only what one annotator stands behind; None shows all marks again."""
        if annotator == self._reading:
            return
        self._reading = annotator
        if self._bridge.is_open and self._bridge.document is not None and self.reader.flow is not None:
            self._compare(self._bridge.document)

    def show_cases(self, decided: tuple[int, int] | None) -> None:
        """Tell in the header how many cases of how many are decided; None tells of the suggestions again."""
        if decided != self._cases:
            self._cases = decided
            if self._bridge.is_open and self._bridge.document is not None:
                self._show_facts(self._bridge.workspace.reads.document(self._bridge.document))

    def _follow(self, touched: Touched, _initiator: object) -> None:
        document = self._bridge.document
        if self._rest.isActive():
            self._complete()
        if touched.everything and "label_sets" in touched.subjects:
            self._labels_changed()
        if document is None:
            return
        reads = self._bridge.workspace.reads
        if touched.everything:
            self._read_again(document)
            return
        if "suggestions" in touched.subjects and document in touched.documents:
            self._compare(document)
        keys = touched.marks.get(document)
        if keys:
            found = self._shown(self._bridge.workspace.marks.some(document, keys))
            self.reader.update_marks(keys - {mark.key for mark in found}, found)
        if document in touched.documents:
            record = reads.document(document)
            self.reader.set_furniture(record.furniture)
            self._show_facts(record)

    def _read_again(self, document: str) -> None:
        """Show the document anew: mark by mark where its text is the same; it may also be gone."""
        reads = self._bridge.workspace.reads
        if not reads.documents([document]):
            self._bridge.open_document(None)
            return
        flow = self.reader.flow
        if flow is None or flow.paragraphs.text != reads.text(document):
            self._show_document(document)
            return
        self._compare(document)
        record = reads.document(document)
        self.reader.set_furniture(record.furniture)
        self._show_facts(record)

    def _compare(self, document: str) -> None:
        """Bring the marks up to date, touching only those that differ, so that the eye keeps its place."""
        assert self.reader.flow is not None
        self._show_others(document)
        shown = self.reader.flow.content.marks
        now = {mark.key: mark for mark in self._shown(self._bridge.workspace.marks.marks(document))}
        self.reader.update_marks(
            shown.keys() - now.keys(), [mark for key, mark in now.items() if shown.get(key) != mark]
        )

    def _look(self, focus: Focus) -> None:
        if focus.document and focus.document != self._bridge.document:
            self._bridge.open_document(focus.document)
        if self._rest.isActive():
            self._complete()
        if focus.mark is not None:
            self._reveal(focus.mark)
            self.reader.focus_mark(focus.mark)
            self.reader.flash(focus.mark)

    def _reveal(self, key: str) -> None:
        """Show a mark of another annotator that somebody was sent to, though the others' stay hidden."""
        flow, document = self.reader.flow, self._bridge.document
        if flow is None or document is None or key in flow.content.marks:
            return
        self._revealed = key
        self.reader.update_marks((), self._shown(self._bridge.workspace.marks.some(document, [key])))

    # What is said about the document ----------------------------------------------------------------------

    def _show_others(self, document: str) -> None:
        """Say how many annotations are others', and whether the text shows them."""
        shown = self._bridge.settings.show_others
        count = others(self._bridge.workspace, document)
        self.others.setVisible(count > 0 and self._reading is None)
        self.others.setChecked(shown)
        self.others.setText(tr("document.others", count=count))
        self.others.setToolTip(tr("document.hide-others" if shown else "document.show-others"))

    def _show_facts(self, record: Document) -> None:
        self._title.setText(record.title or record.name)
        facts = [record.name if record.title else None, record.publisher, record.date]
        hidden = record.control and is_hidden(self._bridge.workspace.reads, record.id)
        if hidden:
            facts.insert(0, tr("team.hidden"))
        self._count.setVisible(not hidden or self._cases is not None)
        self._progress.setVisible(not hidden or self._cases is not None)
        self._facts.setText("  ·  ".join(fact for fact in facts if fact))
        self._facts.setVisible(any(facts))
        done, total = self._cases or (record.decided, max(record.suggestions, record.decided))
        words = tr("adjudication.progress" if self._cases else "document.progress", done=done, total=total)
        self._progress.show_share(done, total, words)
        self._count.setText(words if self._cases else tr("document.judged", done=done, total=total))
        self._count.setToolTip(tr("document.annotations", count=record.annotations))
        self.done.setChecked(record.state == "done")
        self.done.setText(tr("document.is-done") if record.state == "done" else tr("document.mark-done"))

    def _toggle_done(self) -> None:
        if self._bridge.document:
            self._bridge.run(SetDone(document=self._bridge.document, done=self.done.isChecked()), self)

    def say(self, hint: str) -> None:
        """Show what the keyboard is up to below the text; an empty hint hides it."""
        self.hint.setText(hint)
        self.hint.setVisible(bool(hint))

    def apply_settings(self) -> None:
        """Take over font, size, widths and theme."""
        wanted = self._bridge.settings
        if self._bridge.is_open and self._bridge.document and wanted.show_others != self.others.isChecked():
            self._compare(self._bridge.document)
        self.reader.set_theme(resolve(wanted.theme).name)
        self.reader.apply_settings(
            ReaderSettings(
                family=wanted.font_family,
                size=wanted.font_size,
                line_width=wanted.line_width or 400,
                line_spacing=wanted.line_spacing,
                zoom=round(wanted.zoom * 100),
                arcs=wanted.arcs,
                show_tags=wanted.show_tags,
                show_rejected=wanted.show_rejected,
                reduced_motion=wanted.reduced_motion,
            )
        )

    def retranslate(self) -> None:
        """Say everything in the window's language."""
        self._empty.setText(tr("document.choose"))
        self.reader.setAccessibleName(tr("document.text"))
        self._labels_changed()
        if self._bridge.is_open and self._bridge.document:
            self._show_facts(self._bridge.workspace.reads.document(self._bridge.document))
            self._show_others(self._bridge.document)


def palette(labels: LabelSet) -> Palette:
    """Return the label set's colours, keys and titles in the window's language, as the reader wants them."""
    spoken = language()
    styles = [
        LabelStyle(
            one.id,
            localised(one.title, spoken, one.name),
            one.color,
            one.key or "",
            labels.kinds[one.id],
            isinstance(one, RelationLabel) and one.symmetric,
        )
        for one in labels
    ]
    return Palette(styles, _facet_titles(labels.facets, spoken))


def _facet_titles(facets: Iterable[Facet], spoken: str) -> dict[str, str]:
    return {value.id: localised(value.title, spoken, value.id) for facet in facets for value in facet.values}
