"""Whatever the bytes, under whatever name: documents or reasons, never a traceback."""

from __future__ import annotations

import io
import zipfile

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.messages import tr
from app.readers import SUFFIXES, Source, read_file
from models.documents import Skipped, SourceDocument

PIECES = st.lists(
    st.one_of(
        st.binary(max_size=40),
        st.sampled_from(
            [
                b"<p>",
                b"<div>",
                b"</div>",
                b"<!--",
                b"<script>",
                b"&#0;",
                b"&#xD800;",
                b"<title>",
                b"<meta charset=",
                b"utf-7>",
                b'{"text": "',
                b'"}',
                b"\n",
                b"\r\n",
                b'"',
                b",",
                b";",
                b"text",
                b"---\n",
                b"title: ",
                b"\xff\xfe",
                b"\xef\xbb\xbf",
                b"PK\x03\x04",
                b"PK\x05\x06" + bytes(18),
                b"%PDF-1.4\n",
                b"1 0 obj\n<< /Type /Catalog >>\nendobj\n",
                "å🙂\u00ad".encode(),
                b"\xe5\xe4\xf6",
                b"\\ud800",
                b"\xd0\xcf\x11\xe0",
                b"<table><tr><td>",
                b"<svg>",
                b"<html lang=sv>",
            ]
        ),
    ),
    max_size=12,
).map(b"".join)


def check(name: str, data: bytes) -> None:
    found = list(read_file(Source(name, len(data), lambda: io.BytesIO(data))))
    assert found
    for item in found:
        if isinstance(item, Skipped):
            assert tr(item.code, **item.details)
            continue
        assert isinstance(item, SourceDocument)
        assert item.text.strip()
        assert "\0" not in item.text
        item.text.encode("utf-8")
        end = 0
        for span in item.furniture:
            assert end <= span.start < span.end <= len(item.text)
            end = span.end


@pytest.mark.parametrize("suffix", SUFFIXES)
@settings(suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture])
@given(data=PIECES)
def test_any_bytes_under_any_suffix(suffix: str, data: bytes) -> None:
    check(f"a{suffix}", data)


@pytest.mark.parametrize("suffix", [suffix for suffix in SUFFIXES if suffix != ".zip"])
@settings(suppress_health_check=[HealthCheck.too_slow], max_examples=15)
@given(data=PIECES, place=st.integers(0, 400), byte=st.integers(0, 255))
def test_a_zip_with_any_byte_changed(suffix: str, data: bytes, place: int, byte: int) -> None:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr(f"a{suffix}", data)
    changed = bytearray(stream.getvalue())
    changed[place % len(changed)] = byte
    check("a.zip", bytes(changed))
