"""The demo's mail page shows mails as text, whatever is in them."""

from __future__ import annotations

from email.message import EmailMessage
from pathlib import Path

from demo.mailpage import render
from demo.mailsink import Mailbox, ReceivedMail, read_mail


def mail(subject: str = "s", text: str = "t") -> ReceivedMail:
    return ReceivedMail("2026-06-15T12:00:00+00:00", "a@example.be", "b@example.be", subject, text)


def test_hostile_mails_are_shown_as_text() -> None:
    attack = "<script>alert(1)</script>\"'&"
    page = render([{"at": attack, "to": attack, "sender": attack, "subject": attack, "text": attack}])
    assert "<script" not in page
    assert "&lt;script&gt;" in page


def test_a_code_stands_out_and_an_empty_box_says_so() -> None:
    assert "<strong>123456</strong>" in render([{**vars(mail(text="code 123456")), "to": "a"}])
    assert "No mail yet" in render([])


def test_the_last_two_hundred_survive_a_restart(tmp_path: Path) -> None:
    box = Mailbox(tmp_path / "new")
    for number in range(205):
        box.add(mail(str(number)))
    kept = Mailbox(tmp_path / "new").mails
    assert [kept[0].subject, kept[-1].subject, len(kept)] == ["204", "5", 200]


def test_a_damaged_file_is_an_empty_box(tmp_path: Path) -> None:
    (tmp_path / "mails.json").write_text('[{"at": 1')
    assert Mailbox(tmp_path).mails == []


def test_a_mail_is_read_from_the_wire() -> None:
    message = EmailMessage()
    message["Subject"], message["From"] = "Votre code", "b@example.be"
    message.set_content("Le code à six chiffres : 123456")
    read = read_mail(message.as_bytes(), ["a@example.be", "c@example.be"])
    assert (read.to, read.subject) == ("a@example.be, c@example.be", "Votre code")
    assert "à six chiffres" in read.text
    assert read_mail(b"\xff\xfe no headers at all", []).text.strip() != "x"
