"""The client that looks at every page finds what it is for."""

import pytest

from tests.support.pages import faults

GOOD = """<!doctype html><html lang="zh"><head><title>待办</title></head><body><main><h1>待办</h1>
<form method="post"><input type="hidden" name="csrf_token" value="x">
<label for="why">意见</label><input id="why" name="why"><button>同意</button></form>
</main></body></html>"""


def test_a_good_page_has_no_faults() -> None:
    assert list(faults(GOOD)) == []


@pytest.mark.parametrize(
    ("good", "bad", "fault"),
    [
        ("<h1>待办</h1>", "<h1>待办</h1><h1>待办</h1>", "2 elements h1"),
        ("</form>", "", "not HTML"),
        ('<label for="why">意见</label>', "", "the field why has no label"),
        ('value="x"', 'value=""', "no CSRF token"),
        ('method="post"', "", "in an address"),
        ('<label for="why">', '<label for="what">', "refers to nothing"),
        ("<h1>", '<h1 id="why">', "the id why stands 2 times"),
        ("<button>同意</button>", "<button></button>", "a button without words"),
        ("<main>", '<main style="color:red">', "styles inside"),
        ("<main>", '<main onclick="go()">', "a script in the attribute"),
        ('lang="zh"', "", "its language"),
    ],
)
def test_a_fault_is_found(good: str, bad: str, fault: str) -> None:
    assert fault in "; ".join(faults(GOOD.replace(good, bad)))
