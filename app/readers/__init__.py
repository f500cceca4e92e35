"""Files in: folders, files and archives become documents, or a reason why not."""

from __future__ import annotations

from app.readers.registry import READERS, SUFFIXES, count_files, read_file, read_paths
from app.readers.source import Source
from app.readers.walk import find_files

__all__ = ["READERS", "SUFFIXES", "Source", "count_files", "find_files", "read_file", "read_paths"]
