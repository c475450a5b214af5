"""Mail leaves whatever somebody has written; one that can't leave holds up no other."""

from datetime import UTC, datetime
from email.message import EmailMessage
from typing import Any

import pytest

from engine.ids import PersonId, RequestId
from storage.outbox import Message
from web import posting


class Server:
    """Takes what is sent."""

    def __init__(self) -> None:
        self.took: list[EmailMessage] = []

    def __enter__(self) -> "Server":
        return self

    def __exit__(self, *_: Any) -> None:
        return None

    def send_message(self, mail: EmailMessage) -> None:
        """As smtplib does."""
        self.took.append(mail)


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Server:
    """In the place of a mail server."""
    found = Server()
    monkeypatch.setattr(posting, "_connected", lambda *_: found)
    return found


def _message(text: str) -> Message:
    return Message(
        key="k1",
        request=RequestId("r1"),
        ordinal=1,
        person=PersonId("ann"),
        kind="mentioned",
        task=None,
        text=text,
        text_en="en",
        at=datetime(2030, 1, 15, tzinfo=UTC),
        attempts=0,
    )


def test_a_comment_of_several_lines_makes_a_subject_of_one(server: Server) -> None:
    """C3: a mention carries the comment, which may have line ends."""
    send = posting.mailer("smtp://mail.example", "from@mail.example")
    send("ann@mail.example", _message("您被提到:第一行\r\nBcc: all@mail.example\n第二行"))
    (mail,) = server.took
    assert mail["Subject"] == "您被提到:第一行 Bcc: all@mail.example 第二行"
    assert mail["Bcc"] is None


def test_an_address_that_is_none_is_a_problem_in_words(server: Server) -> None:
    send = posting.mailer("smtp://mail.example", "from@mail.example")
    problem = posting._sent(send, "ann@mail.example\nBcc: x@mail.example", _message("text"))
    assert problem is not None
    assert "ValueError" in problem
    assert not server.took
