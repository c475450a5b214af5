"""Uploads: kept by content, reached by ids of their own, whole or not at all."""

from datetime import UTC, datetime
from hashlib import sha256
from io import BytesIO

import pytest

from engine.diagrams.definition import Definition
from engine.ids import PersonId, RequestId
from storage import Database, attachments, queries
from storage.visibility import Viewer
from tests.storage.test_unit_of_work import a_request

NOW = datetime(2030, 1, 15, 1, 0, tzinfo=UTC)
ANN, BEN = PersonId("ann"), PersonId("ben")


def keep(database: Database, content: bytes, by: PersonId = ANN) -> attachments.Kept:
    return attachments.keep(database, BytesIO(content), name="意见.pdf", by=by, at=NOW)


def test_the_same_content_twice_is_kept_once_under_two_ids(database: Database) -> None:
    one, two = keep(database, b"%PDF-1.4 x"), keep(database, b"%PDF-1.4 x")
    assert one.id != two.id
    assert one.sha256 == two.sha256 == sha256(b"%PDF-1.4 x").hexdigest()
    assert (one.size, one.media_type, one.name) == (10, "application/pdf", "意见.pdf")
    with attachments.opened(database.home, one.sha256) as file:
        assert file.read() == b"%PDF-1.4 x"
    contents = [p for p in attachments.folder(database.home).rglob("*") if p.is_file()]
    assert len(contents) == 1


def test_too_large_a_file_leaves_nothing(database: Database) -> None:
    with pytest.raises(attachments.TooLarge):
        attachments.keep(database, b"x" * 11, name="x", by=ANN, at=NOW, most=10)
    assert not [p for p in attachments.folder(database.home).rglob("*") if p.is_file()]
    with database.read() as reader:
        assert reader.value("SELECT COUNT(*) FROM attachments") == 0


@pytest.mark.parametrize(
    ("content", "name", "type"),
    [
        (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", "a.txt", "image/png"),
        (b"<html><script>alert(1)</script>", "a.html", "text/plain"),
        ("文字".encode(), "a.exe", "text/plain"),
        (b"alert(1)", "a.js", "text/plain"),
        (b"\x00\x01\x02\x03", "a.txt", "application/octet-stream"),
        (b"", "a.pdf", "application/octet-stream"),
    ],
)
def test_the_type_is_told_by_content(content: bytes, name: str, type: str) -> None:
    assert attachments.media_type(content, name) == type


@pytest.mark.parametrize(
    ("name", "plain"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\x\\报告.docx", "报告.docx"),
        ("a\r\nb.txt", "ab.txt"),
        ("..", "file"),
        ("", "file"),
        ("长" * 300 + ".pdf", "长" * 179 + ".pdf"),
    ],
)
def test_a_name_is_only_a_name(name: str, plain: str) -> None:
    assert attachments.plain_name(name) == plain


def test_an_upload_is_its_uploaders_until_it_is_submitted(
    database: Database, definition: Definition
) -> None:
    kept = keep(database, b"x")
    ann, ben = Viewer(person=ANN), Viewer(person=BEN)
    request = RequestId("r1")
    with database.read() as reader:
        assert queries.attachment(reader, ann, kept.id)
        assert queries.attachment(reader, ben, kept.id) is None
        assert queries.attachment(reader, ann, kept.sha256) is None
    with database.unit_of_work() as work:
        assert work.attachments_usable([kept.id, "other"], ANN, None) == {kept.id}
        assert work.attachments_usable([kept.id], BEN, request) == set()
        work.add_request(a_request(definition, request, requester=BEN))
        work.attach([kept.id], request)
        assert work.attachments_usable([kept.id], ANN, None) == set()
        assert work.attachments_usable([kept.id], BEN, request) == {kept.id}
        assert work.attachment_digests([kept.id, "no"]) == {kept.id: kept.sha256}
        work.commit()
    with database.read() as reader:
        assert queries.attachment(reader, ben, kept.id)
        assert queries.attachment(reader, ann, kept.id) is None
        assert [a.id for a in queries.attachments(reader, request)] == [kept.id]


def test_what_happened_to_a_content_is_told(database: Database) -> None:
    kept = keep(database, b"x")
    path = attachments.path(database.home, kept.sha256)
    assert attachments.damaged(database.home, kept.sha256) is None
    path.write_bytes(b"y")
    assert attachments.damaged(database.home, kept.sha256) == "the file was changed"
    path.unlink()
    assert attachments.damaged(database.home, kept.sha256) == "the file is missing"
