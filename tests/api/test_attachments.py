"""Uploads: one id each, its uploader's until submitted; downloads to whoever sees the request."""

from hashlib import sha256
from typing import Any

from storage import Database
from tests.api.callers import file
from tests.api.conftest import As
from tests.api.diagrams import deploy, end, files, form, start, text
from tests.api.test_hidden import upload
from tests.engine.live import flow, process, task

SIMPLE = {
    "memo.bpmn": process(
        "memo",
        start("memo"),
        task("read", assignee="gm"),
        end(),
        flow("start", "read"),
        flow("read", "end"),
    ),
    "memo.form": form("memo", text("title"), files("papers")),
}


def memo(*papers: Any) -> dict[str, Any]:
    """The body of a memo with these papers."""
    return {"process": "memo", "answers": {"title": "t", "papers": list(papers)}}


def test_an_upload_is_its_uploaders_until_it_is_submitted(home: Database, as_: As) -> None:
    deploy(home, SIMPLE)
    officer, gm = as_("business.officer"), as_("gm")
    kept = upload(officer, b"hello", "../../报告.txt").ok(201)
    assert (kept["sha256"], kept["size"], kept["name"]) == (
        sha256(b"hello").hexdigest(),
        5,
        "报告.txt",
    )
    other = upload(officer, b"hello").ok(201)
    assert other["id"] != kept["id"]
    gm.get(f"/attachments/{kept['id']}").no(404)
    gm.get(f"/attachments/{kept['sha256']}").no(404)
    assert gm.post("/requests", memo(kept["id"])).no(422)["errors"].keys() == {"papers"}

    officer.post("/requests", memo(kept["id"])).ok(201)
    got = gm.get(f"/attachments/{kept['id']}").ok()
    assert got.data == b"hello"
    assert got.headers["Content-Disposition"].startswith("attachment;")
    assert got.headers["X-Content-Type-Options"] == "nosniff"
    as_("sales.manager").get(f"/attachments/{kept['id']}").no(404)
    gm.get(f"/attachments/{other['id']}").no(404)
    assert officer.post("/requests", memo("no such id", "\x01")).no(422)["errors"]


def test_uploads_that_are_none(as_: As) -> None:
    officer = as_("business.officer")
    upload(officer, b"x" * (1024 * 1024 + 1)).no(413)
    upload(officer, b"x" * (3 * 1024 * 1024)).no(413)
    upload(officer, b"").ok(201)
    officer.post("/attachments", {"file": "text"}).no(415)
    officer.send("/attachments", {}).no(422)
    two = {"file": [file(b"1", "a"), file(b"2", "b")]}
    officer.send("/attachments", two).no(422)
    named = {"document": file(b"1", "a")}
    officer.send("/attachments", named).no(422)
    broken = {"data": b"--x\r\nrubbish", "content_type": "multipart/form-data; boundary=x"}
    officer.post("/attachments", **broken).no(422)
