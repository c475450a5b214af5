"""The organisation on pages: found, changed, renamed, left, and seen as it was."""

import re

from storage import Database, accounts, journal
from tests.pages.conftest import Visit
from tests.pages.visitors import NOW, Page, Visitor
from web.security.passwords import hashed, is_right


def last_verbs(home: Database, number: int) -> list[str]:
    """What was recorded last."""
    with home.read() as reader:
        return [entry.body["verb"] for entry in journal.entries(reader, "system")[-number:]]


def value(page: Page, name: str) -> str | None:
    """What stands in a field."""
    found = page.all(f"//input[@name='{name}']")
    return found[0].get("value") if found else None


def test_everybody_reads_the_directory_without_addresses(visit: Visit) -> None:
    gm = visit("gm")
    page = gm.get("/people?q=陈晓")
    assert "陈晓" in page.words()
    assert "部门经理" in page.words(), "the post by its name"
    one = gm.get("/people/product.manager")
    assert one.status == 200
    assert "@example.com" not in one.text
    assert "变更记录" not in one.words()
    assert gm.get("/people/product.manager?at=2026-06-01").status == 403
    for address in ("/organisation/changes", "/organisation/new/people", "/people/gm/leave",
                    "/organisation/edit/people/gm", "/organisation/remove/posts/gm"):  # fmt: skip
        assert gm.get(address).status == 403, address
    assert "@example.com" in visit("auditor").get("/people/product.manager").text
    assert not visit("auditor").get("/people").links("/organisation/new")


def test_english_pages_call_posts_and_departments_by_their_names(visit: Visit) -> None:
    page = visit("gm", "en").get("/people?department=办公室")
    assert "Office" in page.words()
    assert "Archivist" in page.words()
    assert "Archivist" in visit("gm", "en").get("/organisation/posts").words()


def test_people_are_filtered(visit: Visit) -> None:
    admin = visit("admin")
    page = admin.get("/people?post=manager&department=产品部")
    assert "1 人" in page.words()
    assert "石磊" in admin.get("/people?role=auditor").words()
    assert "没有人符合" in admin.get("/people?state=left").words()
    assert "34 人" in admin.get("/people?state=no-sign-in").words(), "no passwords in this home"


def test_a_person_is_added_changed_and_told_of(visit: Visit, home: Database) -> None:
    admin = visit("admin")
    form = admin.get("/organisation/new/people")
    wrong = admin.press(form, "save", {"name": "新人", "email": "not mail"})
    assert wrong.status == 422
    assert "此项必填" in wrong.words()
    assert "应为邮箱地址" in wrong.words()
    assert value(wrong, "name") == "新人", "nothing that was typed is lost"
    given = {
        "id": "new.one",
        "email": "n@example.com",
        "department": "产品部",
        "posts_new": "piper",
    }
    made = admin.press(wrong, "save", given)
    assert (made.status, made.address) == (200, "/people/new.one")
    assert "未开通登录" in made.words()
    more = admin.press(admin.get("/organisation/edit/people/new.one"), "more",
                       {"superior": ["product.manager"], "name": "改名"})  # fmt: skip
    assert more.status == 200
    assert len(more.all("//select[@name='superior']")) == 3, "one is taken, two more to fill in"
    assert value(more, "name") == "改名"
    done = admin.press(more, "save", {"superior": ["product.manager", "gm", ""]})
    assert "陈晓" in done.words()
    assert "piper" in done.words()
    told = visit("auditor").get("/organisation/changes?kind=people&subject=new.one").words()
    assert "新增人员" in told
    assert re.search("姓名.*新人.*改名", told)
    assert last_verbs(home, 2) == ["person.changed", "person.changed"]


def test_what_may_not_be_meant_so_is_asked_about_once(visit: Visit) -> None:
    """A circle of superiors: in words, with what was typed; said again, it is saved."""
    admin = visit("admin")
    form = admin.get("/organisation/edit/people/product.manager")
    asked = admin.press(form, "save", {"superior": ["product.tester"], "name": "陈小晓"})
    assert asked.status == 422
    assert "上级成了一个圈:陈小晓 → 何静 → 陈小晓" in asked.words()
    assert value(asked, "name") == "陈小晓"
    assert "陈晓" in admin.get("/people/product.manager").words(), "nothing was changed"
    saved = admin.press(asked, "save", {"sure": "yes"})
    assert saved.address == "/people/product.manager"
    assert "陈小晓" in saved.words()


def test_two_administrators_at_once(visit: Visit) -> None:
    """409 with what has changed; what was typed stays; saved again it counts."""
    admin = visit("admin")
    one = admin.get("/organisation/edit/people/gm")
    two = admin.get("/organisation/edit/people/gm")
    assert admin.press(one, "save", {"email": "one@example.com"}).status == 200
    stale = admin.press(two, "save", {"name": "顾长"})
    assert stale.status == 409
    assert "gm@example.com" in stale.words("//main//del")
    assert "one@example.com" in stale.words("//main//ins")
    assert value(stale, "name") == "顾长"
    assert value(stale, "email") == "one@example.com", "what he had not touched is as it is now"
    saved = admin.press(stale, "save")
    assert saved.status == 200
    assert "顾长" in saved.words()
    assert "one@example.com" in saved.words()


def test_the_last_administrator_stays(visit: Visit) -> None:
    admin = visit("admin")
    form = admin.get("/organisation/edit/people/admin")
    no = admin.press(form, "save", {"role": "", "name": "傅小强"})
    assert no.status == 409
    assert "至少要有一名在职、账号可用的管理员" in no.words()
    assert value(no, "name") == "傅小强"


def test_a_department_is_renamed_and_who_names_it_is_told(visit: Visit) -> None:
    admin = visit("admin")
    form = admin.get("/organisation/edit/departments/产品部")
    asked = admin.press(form, "save", {"name": "产品中心"})
    assert asked.status == 422
    assert "点名了“产品部”" in asked.words()
    saved = admin.press(asked, "save", {"sure": "yes"})
    assert saved.status == 200
    assert "何静" in saved.words()
    assert "产品部" in saved.words(), "its earlier name, and who names it"
    assert admin.get("/organisation/departments/产品部").status == 404
    bad = admin.press(admin.get("/organisation/edit/departments/产品中心"), "save",
                      {"free": "2026-05-02 christmas"})  # fmt: skip
    assert bad.status == 422
    assert value(bad, "free") == "2026-05-02 christmas"
    given = {"free": "2026-11-25", "worked": "2026-11-28、2026-11-29", "head": "gm"}
    asked = admin.press(bad, "save", given)
    assert "顾长风不在本部门" in asked.words()
    assert "2026-11-28" in admin.press(asked, "save", {"sure": "yes"}).words()


def test_only_what_nobody_is_in_is_removed(visit: Visit) -> None:
    admin = visit("admin")
    page = admin.get("/organisation/remove/departments/市场部")
    assert "董薇" in page.words()
    assert not page.all("//main//button[contains(., '删除')]")
    made = admin.press(admin.get("/organisation/new/groups"), "save", {"name": "风险委员会"})
    assert "group:风险委员会" in made.words()
    put = admin.press(made, "加入", {"put": "gm"})
    assert "顾长风 已加入" in put.words("//body")
    assert "顾长风" in put.words("//ul")
    out = admin.press(put, "gm")
    assert "其中没有人" in out.words()
    done = admin.press(admin.get("/organisation/remove/groups/风险委员会"), "删除")
    assert done.address == "/organisation/groups"
    assert "还没有组" in done.words()


def test_somebody_leaves(visit: Visit, home: Database) -> None:
    """T7, P1: what moves is shown before; then his tasks are another's and he is gone."""
    admin, gone = visit("admin"), visit("gm")
    with home.read() as reader:
        held = reader.value("SELECT COUNT(*) FROM inbox WHERE person = 'gm'")
    assert held
    page = admin.get("/people/gm/leave")
    assert f"待办:{held}项" in page.words().replace("：", ":").replace(" ", "")
    assert "总经理室" in page.words(), "whose head he is"
    wrong = admin.press(page, "办理离职", {"to": "deputy.gm"})
    assert wrong.status == 422
    assert wrong.all("//option[@value='deputy.gm'][@selected]")
    done = admin.press(wrong, "办理离职", {"to": "deputy.gm", "comment": "退休"})
    assert (done.status, done.address) == (200, "/people/gm")
    assert "已离职" in done.words()
    assert "梁思齐" in done.words()
    with home.read() as reader:
        assert reader.value("SELECT COUNT(*) FROM inbox WHERE person = 'gm'") == 0
    assert landed(gone, "/inbox") == "/sign-in", "signed out at once"


def test_open_tasks_follow_at_once(visit: Visit, home: Database) -> None:
    """P1: whoever is no longer active holds nothing after the page was saved, scheduler or not."""
    admin = visit("admin")
    with home.read() as reader:
        held = reader.value("SELECT COUNT(*) FROM inbox WHERE person = 'gm'")
    form = admin.get("/organisation/edit/people/gm")
    form.all("//input[@name='active']")[0].attrib.pop("checked")
    asked = admin.press(form, "save")
    assert f"名下还有 {held} 项待办" in asked.words()
    assert "他是总经理室的负责人" in asked.words()
    assert admin.press(asked, "save", {"sure": "yes"}).address == "/people/gm"
    with home.read() as reader:
        assert reader.value("SELECT COUNT(*) FROM inbox WHERE person = 'gm'") == 0


def landed(person: Visitor, address: str) -> str:
    """Where somebody comes to who opens an address."""
    return person.client.get(address, follow_redirects=True).request.path


def test_a_password_for_once_has_to_be_changed(visit: Visit, home: Database) -> None:
    admin = visit("admin")
    page = admin.press(admin.get("/people/sales.manager"), "password")
    assert page.status == 201
    (secret,) = [str(e.text) for e in page.all("//main//*[contains(@class, 'org-secret')]//code")]
    with home.read() as reader:
        found = accounts.account(reader, "sales.manager")
    assert is_right(found, secret)
    assert secret not in admin.get("/people/sales.manager").text, "shown once"
    person = visit("sales.manager")
    assert landed(person, "/inbox") == "/account/credentials"
    assert person.client.get("/api/v1/me").status_code == 403
    own = {"old": secret, "new": "a password of mine", "again": "a password of mine"}
    assert person.press(person.get("/account/credentials"), "修改密码", own).status == 200
    with home.read() as reader:
        now = accounts.account(reader, "sales.manager")
    assert now is not None
    assert not now.must_change


def test_accounts_are_disabled_and_opened(visit: Visit, home: Database) -> None:
    admin = visit("admin")
    with home.write() as transaction:
        accounts.set_password(transaction, "gm", hashed("long enough for it"), NOW)  # type: ignore[arg-type]
    page = admin.press(admin.get("/people/gm"), "disable")
    assert "账号已停用" in page.words()
    assert "账号恢复" in admin.press(page, "enable").words()
    assert not admin.get("/people/admin").all("//button[@value='disable']"), "not his own"


def test_the_past_is_marked_and_can_only_be_read(visit: Visit) -> None:
    admin = visit("admin")
    before = admin.get("/people/gm?at=2026-06-01")
    (note,) = before.all("//*[@role='note']")
    assert "2026-06-01 00:00 时的情况" in " ".join("".join(map(str, note.itertext())).split())
    assert not before.links("/organisation/edit")
    assert all("at=2026-06-01" in a for a in before.links("/organisation/departments"))
    admin.press(admin.get("/organisation/edit/people/gm"), "save", {"name": "别名"})
    assert "别名" in admin.get("/people/gm").words()
    then = visit("auditor").get("/people/gm?at=2026-06-01")
    assert "顾长风" in then.words("//h1")
    assert admin.get("/people/gm?at=2025-01-01").status == 404, "nobody was there yet"
    assert admin.get("/people?at=soon").status == 422


def test_why_leads_to_the_organisation_of_then(visit: Visit, home: Database) -> None:
    """P2: who watches sees it as of when the task was opened; its holder that of now."""
    with home.read() as reader:
        row = reader.one("SELECT request, ordinal FROM inbox WHERE person = 'gm'")
    assert row is not None
    task = visit("gm").get(f"/tasks/{row[0]}-{row[1]}")
    assert task.links("/people") == ["/people"]
    request = visit("auditor").get(f"/requests/{row[0]}")
    link = request.links("/people?at=")[0]
    assert visit("auditor").get(link).status == 200
