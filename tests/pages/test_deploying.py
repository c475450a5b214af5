"""An owner puts files up, reads what is wrong at which element, and deploys them."""

from storage import Database, queries
from tests.api.diagrams import end, form, start, text
from tests.engine.live import flow, process, task
from tests.pages.conftest import Visit
from tests.pages.visitors import Page, Visitor

GOOD = process(
    "memo",
    start("memo"),
    task("read", assignee="gm"),
    end(),
    flow("start", "read"),
    flow("read", "end"),
)
MEMO = form("memo", text("title"))
TORN = GOOD.replace(b'assignee="gm"', b'assignee="${nobody(}"')


def put_up(visitor: Visitor, *files: tuple[str, bytes], verb: str = "check") -> Page:
    """Choose these files and press."""
    page = visitor.get("/deploy")
    token = page.all("//main//input[@name='csrf_token']")[0].get("value")
    from io import BytesIO

    data = {
        "csrf_token": token,
        "_verb": verb,
        "_file.files": [(BytesIO(content), name) for name, content in files],
    }
    headers = {"Accept-Language": visitor.language}
    return Page(visitor.client.post("/deploy", data=data, headers=headers, follow_redirects=True))


def test_files_are_looked_at_and_then_deployed(visit: Visit, home: Database) -> None:
    owner = visit("owner")
    assert "/deploy" in owner.get("/processes").links("/deploy")
    page = put_up(owner, ("memo.bpmn", GOOD), ("memo.form", MEMO))
    assert page.status == 200
    assert "这些文件可以部署" in page.words()
    assert page.all("//*[@class='shape']")
    with home.read() as reader:
        assert queries.definition_versions(reader, "memo") == ()
    page = owner.press(page, "deploy")
    assert page.address == "/processes/memo"
    assert "已部署:memo 1" in page.words("//body")
    page = owner.press(put_up(owner, ("memo.bpmn", GOOD), ("memo.form", MEMO)), "deploy")
    assert "内容没有变化" in page.words("//body")


def test_what_is_wrong_is_told_and_marked_at_its_element(visit: Visit) -> None:
    owner = visit("owner")
    page = put_up(owner, ("memo.bpmn", TORN), ("memo.form", MEMO))
    assert "1 处问题" in page.words()
    (marked,) = page.all("//*[contains(@class, 'shape--wrong')]")
    assert "read" in "".join(str(each) for each in marked.itertext())
    assert "read" in page.words("//li[contains(@class, 'finding--no')]")
    assert not page.all("//button[@value='deploy']")
    assert put_up(owner, ("memo.bpmn", TORN), verb="deploy").status == 422


def test_a_file_put_up_again_takes_the_place_of_the_old_one(visit: Visit) -> None:
    owner = visit("owner")
    page = put_up(owner, ("memo.bpmn", TORN), ("memo.form", MEMO))
    page = owner.press(page, "check", files={"_file.files": ("memo.bpmn", GOOD)})
    assert "这些文件可以部署" in page.words()
    assert len(page.all("//ul[@data-files]/li")) == 2


def test_hostile_files_are_a_sentence_too(visit: Visit) -> None:
    owner = visit("owner")
    for content in (b"", b"<html>", b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>', b"\x00" * 9):
        page = put_up(owner, ("a.bpmn", content))
        assert page.status == 200
        assert page.all("//li[contains(@class, 'finding--no')]")
    assert put_up(owner).status == 422


def test_only_owners_deploy_and_only_what_is_theirs(visit: Visit) -> None:
    for person in ("gm", "admin", "auditor"):
        assert visit(person).get("/deploy").status == 403
    owner = visit("owner")
    page = put_up(owner, ("memo.bpmn", GOOD), ("memo.form", MEMO))
    ids = [str(each.get("value")) for each in page.all("//input[@name='files']")]
    other = visit("admin")
    token = other.get("/account").all("//input[@name='csrf_token']")[0].get("value")
    sent = {"csrf_token": token, "_verb": "deploy", "files": ids}
    assert other.client.post("/deploy", data=sent).status_code == 403
