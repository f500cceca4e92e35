"""Holding records to the JSON Schema that ships: quickly where all is well, else with the reason."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

from app.paths import resource

Test = Callable[[Any], bool]

_TYPES: dict[str, Test] = {
    "object": lambda value: isinstance(value, dict),
    "array": lambda value: isinstance(value, list),
    "string": lambda value: isinstance(value, str),
    "integer": lambda value: isinstance(value, int) and not isinstance(value, bool),
    "number": lambda value: isinstance(value, int | float) and not isinstance(value, bool),
    "boolean": lambda value: isinstance(value, bool),
    "null": lambda value: value is None,
}
_SILENT = {"description", "title", "$schema", "$id", "$defs", "then", "else"}


@cache
def schema() -> dict[str, Any]:
    """Return the schema of the whole file."""
    found: dict[str, Any] = json.loads(resource("schemas", "exchange-1.0.schema.json").read_text("utf-8"))
    return found


@cache
def known_fields(definition: str) -> frozenset[str]:
    """Return the fields that this version knows of a kind of record."""
    return frozenset(schema()["$defs"][definition]["properties"])


def fault_in(definition: str, record: Any) -> tuple[str, str] | None:
    """Return where a record breaks its definition and how, None where it keeps to it.

    The schema lets ``1.0`` pass as a whole number, as JSON Schema does; here it does not.
    """
    if _fits(definition)(record):
        return None
    from jsonschema.exceptions import best_match

    error = best_match(_validator(definition).iter_errors(record))
    if error is None:
        return "", "a whole number is written with a fraction"
    return "/".join(str(step) for step in error.absolute_path), _short(error.message)


def _short(message: str) -> str:
    return message if len(message) <= 160 else f"{message[:80]} … {message[-70:]}"


@cache
def _validator(definition: str) -> Any:
    from jsonschema import Draft202012Validator

    return Draft202012Validator({"$ref": f"#/$defs/{definition}", "$defs": schema()["$defs"]})


@cache
def _fits(definition: str) -> Test:
    """Return a quick test that says yes only where the schema does; a no may be for want of knowledge."""
    return _test(schema()["$defs"][definition])


def _test(rule: Mapping[str, Any]) -> Test:
    """Return the test for one schema; keywords that it does not know make it say no."""
    if "$ref" in rule:
        return _fits(rule["$ref"].rpartition("/")[2])
    keywords = [keyword for keyword in rule if keyword not in _SILENT]
    tests = [_MAKERS[keyword](rule) if keyword in _MAKERS else _never for keyword in keywords]
    if len(tests) == 1:
        return tests[0]

    def test(value: Any) -> bool:
        for one in tests:  # noqa: SIM110  (twice as quick as all())
            if not one(value):
                return False
        return True

    return test


def _never(value: Any) -> bool:
    return False


def _type(rule: Mapping[str, Any]) -> Test:
    wanted = rule["type"]
    if isinstance(wanted, str):
        return _TYPES[wanted]
    tests = [_TYPES[one] for one in wanted]
    return lambda value: any(test(value) for test in tests)


def _required(rule: Mapping[str, Any]) -> Test:
    names = frozenset(rule["required"])
    return lambda value: not isinstance(value, dict) or names <= value.keys()


def _properties(rule: Mapping[str, Any]) -> Test:
    tests = {name: _test(one) for name, one in rule["properties"].items()}

    def test(value: Any) -> bool:
        if isinstance(value, dict):
            for name, one in value.items():
                if name in tests and not tests[name](one):
                    return False
        return True

    return test


def _additional(rule: Mapping[str, Any]) -> Test:
    if "properties" in rule:
        return _never
    inner = _test(rule["additionalProperties"])
    return lambda value: not isinstance(value, dict) or all(map(inner, value.values()))


def _items(rule: Mapping[str, Any]) -> Test:
    inner = _test(rule["items"])
    return lambda value: not isinstance(value, list) or all(map(inner, value))


def _sized(
    keyword: str, kind: type[list[Any] | str], fits: Callable[[int, int], bool]
) -> Callable[[Mapping[str, Any]], Test]:
    def make(rule: Mapping[str, Any]) -> Test:
        bound = rule[keyword]
        return lambda value: not isinstance(value, kind) or fits(len(value), bound)

    return make


def _bounded(keyword: str, fits: Callable[[float, float], bool]) -> Callable[[Mapping[str, Any]], Test]:
    def make(rule: Mapping[str, Any]) -> Test:
        bound = rule[keyword]
        return lambda value: not isinstance(value, int | float) or fits(value, bound)

    return make


def _at_least(value: float, bound: float) -> bool:
    return value >= bound


def _at_most(value: float, bound: float) -> bool:
    return value <= bound


def _pattern(rule: Mapping[str, Any]) -> Test:
    search = re.compile(rule["pattern"]).search
    return lambda value: not isinstance(value, str) or search(value) is not None


def _enum(rule: Mapping[str, Any]) -> Test:
    choices = frozenset(rule["enum"])
    return lambda value: isinstance(value, str) and value in choices


def _const(rule: Mapping[str, Any]) -> Test:
    wanted = rule["const"]
    return lambda value: isinstance(value, str) and value == wanted


def _any_of(rule: Mapping[str, Any]) -> Test:
    tests = [_test(one) for one in rule["anyOf"]]
    return lambda value: any(test(value) for test in tests)


def _if(rule: Mapping[str, Any]) -> Test:
    """A condition on a string constant, of which a quick no is a true no."""
    kind = rule["if"]["properties"]["kind"]["const"]
    then, otherwise = (_test(rule.get(name, {})) for name in ("then", "else"))
    return lambda value: (
        isinstance(value, dict)
        and isinstance(value.get("kind"), str)
        and (then if value["kind"] == kind else otherwise)(value)
    )


_MAKERS: dict[str, Callable[[Mapping[str, Any]], Test]] = {
    "type": _type,
    "required": _required,
    "properties": _properties,
    "additionalProperties": _additional,
    "items": _items,
    "minItems": _sized("minItems", list, _at_least),
    "maxItems": _sized("maxItems", list, _at_most),
    "minLength": _sized("minLength", str, _at_least),
    "maxLength": _sized("maxLength", str, _at_most),
    "minimum": _bounded("minimum", _at_least),
    "maximum": _bounded("maximum", _at_most),
    "pattern": _pattern,
    "enum": _enum,
    "const": _const,
    "anyOf": _any_of,
    "if": _if,
}
