"""One JSON POST or one mail to a real server on this machine."""

from __future__ import annotations

import email
import email.policy
import socket
import sys
from collections.abc import Iterator
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.handlers import Message
from support.lanes import package
from support.receiver import Receiver

from orr.fleet.notify import Notice, NotNotified, is_web_address, post, send, unusable


def test_the_content_arrives_as_json(receiver: Receiver) -> None:
    post(receiver.url, {"text": "结账：不可上线"})
    assert receiver.received == [("POST", "application/json; charset=utf-8", {"text": "结账：不可上线"})]


@pytest.mark.parametrize("status", [301, 302, 307, 404, 500, 503])
def test_only_a_status_of_success_counts_as_arrived(receiver: Receiver, status: int) -> None:
    with pytest.raises(NotNotified, match=str(status)):
        post(f"{receiver.url}/{status}/secret-token", {"text": "x"})
    assert [method for method, *_ in receiver.received] == ["POST"]


def test_an_answer_that_does_not_come_in_time_has_not_arrived(receiver: Receiver) -> None:
    with pytest.raises(NotNotified, match="timed out"):
        post(f"{receiver.url}/slow", {"text": "x"}, seconds=0.3)


@pytest.mark.parametrize("part", ["head", "body"])
def test_an_answer_that_comes_in_bits_without_end_has_not_arrived(receiver: Receiver, part: str) -> None:
    with pytest.raises(NotNotified, match="timed out"):
        post(f"{receiver.url}/bits/{part}", {"text": "x"}, seconds=0.5)


@pytest.mark.parametrize(
    ("url", "way"), [("https://ann:T0-secret@x.example/y", "jsons"), ("http://ann@x.example", "json")]
)
def test_an_address_with_who_signs_in_is_refused_with_the_way_that_works(url: str, way: str) -> None:
    with pytest.raises(NotNotified) as lost:
        post(url, {})
    assert f"write {way}://user:password@…, a channel of Apprise" in str(lost.value.why)
    assert "T0-secret" not in str(lost.value.why)
    assert str(unusable(url)) == str(lost.value.why)


def test_the_way_that_works_signs_in(receiver: Receiver) -> None:
    package("apprise")
    send(f"{receiver.url.replace('http', 'json')}/x?method=post", Notice("shop", "is no-go", {}))
    assert [content["title"] for _, _, content in receiver.received] == ["shop"]


def test_the_address_may_hold_a_secret_and_is_not_repeated(receiver: Receiver) -> None:
    with pytest.raises(NotNotified) as lost:
        post(f"{receiver.url}/500/hooks/T0-secret", {})
    assert "T0-secret" not in str(lost.value.why)
    receiver.server_close()
    with pytest.raises(NotNotified) as refused:
        post("http://127.0.0.1:1/T0-secret", {})
    assert "T0-secret" not in str(refused.value.why)


@pytest.mark.parametrize(
    "address",
    [
        "file:///etc/passwd",
        "ftp://example.org/x",
        "javascript:alert(1)",
        "http://",
        "example.org",
        "",
        "http://[",
        "http://x:y/",
        "https://evil.example\\@hooks.example.org/T0",
    ],
)
def test_what_is_no_web_address_is_refused(address: str) -> None:
    assert not is_web_address(address)
    with pytest.raises(NotNotified):
        post(address, {})


UNUSABLE = [
    pytest.param("https://hooks.example.com/T0-secret", None, id="web"),
    pytest.param("json://127.0.0.1/T0-secret", None, id="apprise"),
    pytest.param("env:SET_NOWHERE", None, id="a-variable-of-another-machine"),
    pytest.param("env:CHANNEL", "Apprise knows no channel slack:// of this form", id="a-variable-of-this-machine"),
    pytest.param("env:", "this is no address", id="a-variable-without-a-name"),
    pytest.param("https://", "this is no address", id="web-without-a-host"),
    pytest.param("T0-secret", "this is no address", id="no-scheme"),
    pytest.param("nothing://x/T0-secret", "Apprise knows no channel nothing:// of this form", id="unknown"),
    pytest.param("slack://T0-secret", "Apprise knows no channel slack:// of this form", id="another-form"),
    pytest.param("mailto://", "Apprise knows no channel mailto:// of this form", id="nothing-but-a-scheme"),
]


@pytest.mark.parametrize(("to", "says"), UNUSABLE)
def test_an_address_that_nothing_could_be_sent_to_is_known_without_sending(
    monkeypatch: pytest.MonkeyPatch, to: str, says: str | None
) -> None:
    monkeypatch.setenv("CHANNEL", "slack://T0-secret")
    found = unusable(to)
    assert (found is None) == (says is None)
    if says is not None:
        assert str(found).startswith(says)
        assert "T0-secret" not in str(found)


def test_without_apprise_nothing_is_said_before_and_what_to_install_when_it_is_needed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(sys.modules, "apprise", None)
    assert unusable("slack://T0-secret") is None
    assert unusable("T0-secret") is not None
    with pytest.raises(NotNotified, match=r"pip install 'orr\[notify\]'"):
        send("slack://T0-secret", Notice("shop", "is no-go", {}))


class Mails(Message):
    """Keeps the parts of each mail by their type."""

    def __init__(self) -> None:
        super().__init__()
        self.received: list[dict[str, str]] = []

    def handle_message(self, message: Any) -> None:
        mail: Any = email.message_from_bytes(message.as_bytes(), policy=email.policy.default)
        parts = {part.get_content_type(): part.get_content() for part in mail.walk() if not part.is_multipart()}
        self.received.append({"subject": mail["subject"], **parts})


@pytest.fixture
def mails() -> Iterator[tuple[str, Mails]]:
    """The address of a server of mail, and what arrives there."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    kept = Mails()
    server = Controller(kept, hostname="127.0.0.1", port=port)
    server.start()
    yield f"mailto://127.0.0.1:{port}?to=ann@example.com&from=orr@example.com&mode=insecure", kept
    server.stop()


BODY = "shop: 不可上线\n- <b>two</b> & *three*\nhttps://reports.example.com/shop"


def test_a_mail_keeps_its_lines(mails: tuple[str, Mails]) -> None:
    address, kept = mails
    send(address, Notice("shop: go → no-go", BODY, {}))
    (mail,) = kept.received
    assert mail["subject"] == "shop: go → no-go"
    assert mail["text/plain"].splitlines() == BODY.splitlines()


def test_what_a_mail_says_is_text_where_the_channel_asks_for_html(mails: tuple[str, Mails]) -> None:
    address, kept = mails
    send(f"{address}&format=html", Notice("shop", BODY, {}))
    (mail,) = kept.received
    assert mail["text/plain"].splitlines() == BODY.splitlines()
    lines = mail["text/html"].replace("&nbsp;", " ").strip().split("<br/>")
    assert lines == [line.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;") for line in BODY.splitlines()]
