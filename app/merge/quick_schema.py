"""The schema's definitions as one plain function each, for reading many records.

Made from the same schema as :mod:`app.formats.exchange_schema`, which says what is wrong and why; a yes here is a
yes there (a test holds the two together), and a no only means that the other should be asked.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from typing import Any

from app.formats.exchange_schema import schema

_TYPES = {
    "object": "dict",
    "array": "list",
    "string": "str",
    "integer": "int",
    "number": "int, float",
    "boolean": "bool",
    "null": "type(None)",
}
_SILENT = {"description", "title", "then", "else"}
_MISSING = object()


@cache
def fits(definition: str) -> Callable[[Any], bool]:
    """Return a function that says whether a record surely keeps to a definition of the schema."""
    return _function(schema()["$defs"][definition])


def _function(rule: Mapping[str, Any]) -> Callable[[Any], bool]:
    names: dict[str, Any] = {"missing": _MISSING}
    source = "\n".join(
        ["def test(v):", *(f"    {line}" for line in _Source(names).lines(rule, "v")), "    return True"]
    )
    exec(source, names)  # the source is made from the schema that ships, nothing else
    found: Callable[[Any], bool] = names["test"]
    return found


class _Source:
    """Writes the lines of one function; what they name is put into ``names``."""

    def __init__(self, names: dict[str, Any]) -> None:
        self._names = names
        self._count = 0

    def _name(self, value: Any = None) -> str:
        self._count += 1
        name = f"n{self._count}"
        if value is not None:
            self._names[name] = value
        return name

    def lines(self, rule: Mapping[str, Any], v: str) -> Iterator[str]:
        """Yield lines that return False where the value named ``v`` does not keep to a rule."""
        if "$ref" in rule:
            yield from self.lines(schema()["$defs"][rule["$ref"].rpartition("/")[2]], v)
            return
        for keyword, wanted in rule.items():
            if keyword not in _SILENT:
                make = getattr(self, f"_{keyword.lstrip('$')}", None)
                if make is None:
                    yield "return False"
                    return
                yield from make(rule, wanted, v)

    def _no(self, condition: str) -> str:
        return f"if {condition}: return False"

    def _type(self, rule: Mapping[str, Any], wanted: Any, v: str) -> Iterator[str]:
        types = [wanted] if isinstance(wanted, str) else wanted
        yield self._no(f"type({v}) not in ({', '.join(_TYPES[one] for one in types)},)")

    def _required(self, rule: Mapping[str, Any], wanted: Any, v: str) -> Iterator[str]:
        yield self._no(f"type({v}) is dict and not {self._name(frozenset(wanted))} <= {v}.keys()")

    def _properties(self, rule: Mapping[str, Any], wanted: Any, v: str) -> Iterator[str]:
        yield f"if type({v}) is dict:"
        for key, inner in wanted.items():
            name = self._name()
            yield f"    {name} = {v}.get({key!r}, missing)"
            yield f"    if {name} is not missing:"
            yield "        pass"
            yield from (f"        {line}" for line in self.lines(inner, name))

    def _additionalProperties(self, rule: Mapping[str, Any], wanted: Any, v: str) -> Iterator[str]:
        if "properties" in rule:
            yield "return False"
            return
        yield f"if type({v}) is dict:"
        yield from self._each(wanted, f"{v}.values()")

    def _items(self, rule: Mapping[str, Any], wanted: Any, v: str) -> Iterator[str]:
        yield f"if type({v}) is list:"
        yield from self._each(wanted, v)

    def _each(self, rule: Mapping[str, Any], many: str) -> Iterator[str]:
        name = self._name()
        yield f"    for {name} in {many}:"
        yield "        pass"
        yield from (f"        {line}" for line in self.lines(rule, name))

    def _minItems(self, rule: Mapping[str, Any], wanted: int, v: str) -> Iterator[str]:
        yield self._no(f"type({v}) is list and len({v}) < {wanted}")

    def _maxItems(self, rule: Mapping[str, Any], wanted: int, v: str) -> Iterator[str]:
        yield self._no(f"type({v}) is list and len({v}) > {wanted}")

    def _minLength(self, rule: Mapping[str, Any], wanted: int, v: str) -> Iterator[str]:
        yield self._no(f"type({v}) is str and len({v}) < {wanted}")

    def _maxLength(self, rule: Mapping[str, Any], wanted: int, v: str) -> Iterator[str]:
        yield self._no(f"type({v}) is str and len({v}) > {wanted}")

    def _minimum(self, rule: Mapping[str, Any], wanted: float, v: str) -> Iterator[str]:
        yield self._no(f"type({v}) in (int, float) and {v} < {wanted!r}")

    def _maximum(self, rule: Mapping[str, Any], wanted: float, v: str) -> Iterator[str]:
        yield self._no(f"type({v}) in (int, float) and {v} > {wanted!r}")

    def _pattern(self, rule: Mapping[str, Any], wanted: str, v: str) -> Iterator[str]:
        yield self._no(f"type({v}) is str and {self._name(re.compile(wanted).search)}({v}) is None")

    def _enum(self, rule: Mapping[str, Any], wanted: Any, v: str) -> Iterator[str]:
        yield self._no(f"type({v}) is not str or {v} not in {self._name(frozenset(wanted))}")

    def _const(self, rule: Mapping[str, Any], wanted: Any, v: str) -> Iterator[str]:
        yield self._no(f"{v} != {wanted!r}" if isinstance(wanted, str) else "True")

    def _anyOf(self, rule: Mapping[str, Any], wanted: Any, v: str) -> Iterator[str]:
        ways = " or ".join(f"{self._name(_function(one))}({v})" for one in wanted)
        yield self._no(f"not ({ways})")

    def _if(self, rule: Mapping[str, Any], wanted: Any, v: str) -> Iterator[str]:
        kind = wanted["properties"]["kind"]["const"]
        then, other = (self._name(_function(rule.get(name, {}))) for name in ("then", "else"))
        yield self._no(f"not ({then} if {v}.get('kind') == {kind!r} else {other})({v})")
