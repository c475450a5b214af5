"""The pages of numbers: who is shown them, that they say what was counted, in both languages."""

import re

import pytest

from engine.ids import SYSTEM_CHAIN, PersonId
from storage import Database, journal, time_spent
from tests.pages.conftest import Seat, Visit
from tests.pages.visitors import Page
from tests.statistics.sealing import sealed
from tests.support.browser import serious_violations, sideways

PAGE = "/processes/work-order/statistics"
PERIOD = "since=2026-06-01&until=2026-11-24"


@pytest.fixture
def told(home: Database) -> Database:
    """The demo with its numbers up to date."""
    sealed(home)
    time_spent.follow(home)
    return home


def cells(page: Page, heading: str) -> list[str]:
    """A column of the table of desks."""
    found = page.all(f"//h2[@id='desks']/following::table[1]//td[@data-label='{heading}']")
    return [" ".join(str(t) for t in each.itertext()).split()[0] for each in found]


def desks(page: Page) -> list[str]:
    found = page.all("//h2[@id='desks']/following::table[1]//tbody//th//a")
    return [str(each.text) for each in found]


def figures(page: Page) -> dict[str, str]:
    """The key figures, by their words."""
    return {
        str(each.findtext("dt")): str(each.findtext("dd/strong"))
        for each in page.all("//dl[@class='figures']/div")
    }


def test_only_owners_auditors_and_administrators_are_shown_numbers(
    told: Database,
    visit: Visit,
) -> None:
    for person in ("owner", "auditor", "admin"):
        visitor = visit(person)
        assert visitor.get("/statistics").status == 200
        assert visitor.get(PAGE).status == 200
        assert "统计" in visitor.get("/processes/work-order").words()
        assert "/statistics" in visitor.get("/processes").links("/statistics")
    for person in ("gm", "card.officer"):
        visitor = visit(person)
        assert visitor.get("/statistics").status == 403
        assert visitor.get(PAGE).status == 403
        assert visitor.get(f"{PAGE}/confirm_spec").status == 403
        assert visitor.get(f"{PAGE}.csv").status == 403
        assert not visitor.get("/processes/work-order").links(PAGE)
    assert visit("owner").get("/processes/nothing/statistics").status == 404
    assert visit("owner").get(f"{PAGE}/nothing").status == 404


def test_the_key_figures_are_what_the_database_has(told: Database, visit: Visit) -> None:
    page = visit("owner").get(f"{PAGE}?{PERIOD}")
    with told.read() as reader:
        started = reader.value(
            "SELECT COUNT(*) FROM requests WHERE process = 'work-order' AND submitted_at > 0"
        )
        finished = reader.value(
            "SELECT COUNT(*) FROM requests WHERE process = 'work-order' AND status = 'completed'"
        )
        open_now = reader.value(
            "SELECT COUNT(*) FROM nodes n JOIN requests r ON r.id = n.request"
            " WHERE r.process = 'work-order' AND n.status = 'open'"
        )
        entered = reader.value(
            "SELECT COUNT(*) FROM nodes n JOIN requests r ON r.id = n.request"
            " WHERE r.process = 'work-order'"
        )
    said = figures(page)
    assert (said["发起"], said["办结"], said["当前在办"]) == (
        str(started), str(finished), str(open_now)
    )  # fmt: skip
    assert sum(map(int, cells(page, "进入"))) == entered
    assert "样本少" in page.words()
    assert "n=" in page.words()


def test_the_heat_map_says_each_number_in_words_and_links_to_the_desk(
    told: Database,
    visit: Visit,
) -> None:
    """The table below says the same; no level is told by its colour alone."""
    owner = visit("owner")
    page = owner.get(f"{PAGE}?{PERIOD}&heat=entered")
    linked = page.all("//*[local-name()='a'][@class='heat']")
    in_table = dict(zip(desks(page), cells(page, "进入"), strict=True))
    in_diagram = {}
    for each in linked:
        name, _, rest = str(each.get("aria-label")).partition(": ")
        name = re.sub(r"\s", "", name)
        in_diagram[name] = re.findall(r"\d+", rest)[0]
        inside = list(each.iter())
        badge = str(each.xpath("string(.//*[@class='heat__badge']/*[local-name()='text'])"))
        bars = [e for e in inside if "heat__bar--on" in str(e.get("class"))]
        assert badge == in_diagram[name]
        assert bool(bars) is (badge != "0")
        assert owner.get(str(each.get("href"))).status == 200
    assert len(in_diagram) > 5
    assert {name: in_table[name] for name in in_diagram} == in_diagram
    patterns = "//ol[@class='heat__scale']/li//*[starts-with(@fill, 'url(#heat-')]"
    assert len(page.all(patterns)) == 5
    assert "至" in page.words("//ol[@class='heat__scale']")


def test_the_table_is_sorted_by_its_headings(told: Database, visit: Visit) -> None:
    owner = visit("owner")
    page = owner.get(f"{PAGE}?{PERIOD}")
    link = next(each for each in page.links(PAGE) if "sort=-entered" in each)
    assert "since=2026-06-01" in link
    falling = owner.get(link)
    counts = list(map(int, cells(falling, "进入")))
    assert counts == sorted(counts, reverse=True)
    assert falling.all("//th[@aria-sort='descending']")
    rising = owner.get(next(each for each in falling.links(PAGE) if "sort=entered" in each))
    assert list(map(int, cells(rising, "进入"))) == sorted(counts)
    assert rising.all("//th[@aria-sort='ascending']")
    assert sorted(desks(rising)) == sorted(desks(page))


@pytest.mark.parametrize(
    ("query", "says"),
    [
        ("since=2026-13-01", "应为 2000 至 2199 年间的日期"),
        ("since=2026-05-02&until=2026-05-01", "起始日期不能晚于截止日期"),
        ("by=hour", "应为 day、week、month 或 quarter"),
        ("version=77", "没有这个版本"),
        ("since=2019-01-01&until=2026-01-01&by=day", "分得太细"),
    ],
)
def test_what_is_wrong_with_the_address_is_said_beside_its_field(
    told: Database,
    visit: Visit,
    query: str,
    says: str,
) -> None:
    page = visit("owner").get(f"{PAGE}?{query}")
    assert page.status == 422
    assert says in page.words("//*[@class='field__wrong']")
    assert page.all("//*[@aria-invalid='true']")
    assert visit("owner").get(f"{PAGE}.csv?{query}").status == 422


def test_words_that_mean_nothing_are_left_aside(told: Database, visit: Visit) -> None:
    page = visit("owner").get(f"{PAGE}?heat=<script>&sort=--x&since=&until=&by=")
    assert page.status == 200
    assert "<script>&" not in page.text


def test_a_period_without_anything_says_so(told: Database, visit: Visit) -> None:
    owner = visit("owner")
    empty = owner.get("/processes/go-live/statistics?since=2020-01-01&until=2020-02-01&version=1")
    assert empty.status == 200
    assert {figures(empty)[name] for name in ("发起", "办结")} == {"0"}
    assert figures(empty)["办结用时中位数"] == "–"
    assert "这段时间没有数据" in empty.words()
    assert owner.get(f"{PAGE}/confirm_spec?since=2020-01-01&until=2020-02-01").status == 200


def test_before_anything_is_counted_the_pages_say_so(home: Database, visit: Visit) -> None:
    page = visit("owner").get(PAGE)
    assert "这段时间没有发生任何事" in page.words()
    assert "没有在办事项" in visit("owner").get("/statistics").words()


def test_the_period_before_stands_beside_each_figure(told: Database, visit: Visit) -> None:
    owner = visit("owner")
    whole = figures(owner.get(f"{PAGE}?{PERIOD}"))
    later = owner.get(f"{PAGE}?since=2026-11-25&until=2027-05-20")  # as many days after
    before = {
        str(each.findtext("dt")): str(each.findtext("dd/span[@class='figure__before']"))
        for each in later.all("//dl[@class='figures']/div")
    }
    for name in ("发起", "办结"):
        assert before[name] == f"前期 {whole[name]}"


def test_a_desk_tells_how_long_and_how_it_ended(told: Database, visit: Visit) -> None:
    owner = visit("owner")
    with told.read() as reader:
        node, count = reader.all(
            "SELECT name, SUM(timed) FROM spent_nodes WHERE process = 'work-order'"
            " GROUP BY name ORDER BY 2 DESC LIMIT 1"
        )[0]
    page = owner.get(f"{PAGE}/{node}?{PERIOD}")
    told_of = page.all("//h2[@id='how-long']/following::table[1]//td")
    assert sum(int("".join(map(str, each.itertext())).split()[0]) for each in told_of) == count
    assert page.links(PAGE)[0].endswith(PERIOD)


def test_the_overview_shows_what_is_late_and_open_longest(told: Database, visit: Visit) -> None:
    page = visit("owner").get("/statistics")
    with told.read() as reader:
        oldest = reader.value(
            "SELECT r.title FROM nodes n JOIN requests r ON r.id = n.request"
            " WHERE n.status = 'open' ORDER BY n.opened_at LIMIT 1"
        )
    assert oldest in page.words("//h2[@id='oldest']/following::table[1]")
    assert page.links("/requests/")
    admin = visit("admin").get("/statistics")
    assert oldest not in admin.words()  # content, which he sees for a reason only
    assert not admin.links("/requests/")


def test_an_owner_sees_only_his_own(told: Database, visit: Visit) -> None:
    with told.write() as transaction:
        transaction.execute("DELETE FROM owners WHERE process <> 'go-live'")
    page = visit("owner").get("/statistics")
    assert page.links("/processes/") == ["/processes/go-live/statistics"]
    assert visit("owner").get(PAGE).status == 403
    with told.write() as transaction:
        transaction.execute("DELETE FROM owners")
    assert "没有属于您的流程" in visit("owner").get("/statistics").words()


def test_taking_the_file_leaves_an_entry(told: Database, visit: Visit) -> None:
    owner = visit("owner")
    page = owner.get(f"{PAGE}?{PERIOD}&by=month")
    (link,) = page.links(f"{PAGE}.csv")
    response = owner.client.get(link)
    assert response.mimetype == "text/csv"
    assert response.data.startswith(b"\xef\xbb\xbfsince,until,process")
    with told.read() as reader:
        entry = journal.entries(reader, SYSTEM_CHAIN)[-1]
    assert entry.body["verb"] == "exported"
    assert entry.body["actor"] == PersonId("owner")
    assert entry.body["filter"] == {"since": "2026-06-01", "until": "2026-11-24", "by": "month"}


def test_english_pages_are_english(told: Database, visit: Visit) -> None:
    owner = visit("owner", "en")
    page = owner.get(f"{PAGE}?{PERIOD}")
    assert "Where it takes long" in page.words()
    headings = page.words(
        "//main//*[self::dt or self::h2 or self::h3 or self::summary or self::label]"
    )
    headings += page.words("//th[@scope='col']")
    assert not re.search(r"[一-鿿]", headings)
    assert not re.search(r"[一-鿿]", owner.get("/statistics").words("//th[@scope='col'] | //h2"))


@pytest.mark.browser
@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize(("width", "dark"), [(1280, False), (1280, True), (360, False)])
def test_nothing_keeps_anybody_out(
    told: Database,
    seat: Seat,
    address: str,
    language: str,
    width: int,
    dark: bool,
) -> None:
    """axe, sideways scrolling, and the keyboard: each desk of the diagram is reached."""
    with seat("owner", language=language, width=width, dark=dark) as context:
        page = context.new_page()
        for path in ("/statistics", f"{PAGE}?{PERIOD}", f"{PAGE}/confirm_spec?{PERIOD}"):
            page.goto(address + path)
            assert serious_violations(page) == []
            assert sideways(page) == 0
        page.goto(f"{address}{PAGE}?{PERIOD}")
        first = page.locator("svg a.heat").first
        first.focus()
        page.keyboard.press("Enter")
        page.wait_for_url("**/statistics/**")
