"""What the document list and the search pane show: thin passages to the store's reads."""

from __future__ import annotations

from models.store.corpus_reads import (
    DocumentFilter,
    Hit,
    Listed,
    Order,
    Progress,
    document_ids,
    done_documents,
    facets,
    listed,
    progress,
)
from models.store.search_reads import PAGE, Scope, search, searchable

corpus_progress = progress

__all__ = [
    "PAGE",
    "DocumentFilter",
    "Hit",
    "Listed",
    "Order",
    "Progress",
    "Scope",
    "corpus_progress",
    "document_ids",
    "done_documents",
    "facets",
    "listed",
    "progress",
    "search",
    "searchable",
]
