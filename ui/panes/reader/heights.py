"""The heights of all paragraphs, estimated or true, and where each begins: every question in log time."""

from __future__ import annotations

from array import array
from collections.abc import Iterable


class Heights:
    """A binary indexed tree over whole-pixel heights."""

    def __init__(self, heights: Iterable[int]) -> None:
        self.each = array("l", heights)
        self.known = bytearray(len(self.each))
        self.total = sum(self.each)
        self._tree = tree = array("l", [0])
        tree.extend(self.each)
        size = len(tree)
        for index in range(1, size):
            parent = index + (index & -index)
            if parent < size:
                tree[parent] += tree[index]
        self._top_bit = 1 << max(0, (size - 1).bit_length() - 1) if size > 1 else 0

    def __len__(self) -> int:
        return len(self.each)

    def set(self, index: int, height: int) -> int:
        """Make ``height`` the true height of paragraph ``index``; return by how much it grew."""
        grown = height - self.each[index]
        self.known[index] = 1
        if grown:
            self.each[index] = height
            self.total += grown
            index += 1
            tree, size = self._tree, len(self._tree)
            while index < size:
                tree[index] += grown
                index += index & -index
        return grown

    def top(self, index: int) -> int:
        """Return the sum of all heights before paragraph ``index``."""
        total, tree = 0, self._tree
        while index > 0:
            total += tree[index]
            index -= index & -index
        return total

    def at(self, y: int) -> int:
        """Return the paragraph that covers ``y``; the first above everything, the last below."""
        index, bit, tree, size = 0, self._top_bit, self._tree, len(self._tree)
        while bit:
            ahead = index + bit
            if ahead < size and tree[ahead] <= y:
                index = ahead
                y -= tree[ahead]
            bit >>= 1
        return min(index, max(0, size - 2))
