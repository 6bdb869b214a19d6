"""The mail with the code, sent to a real SMTP server."""

from __future__ import annotations

import ssl
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from aiosmtpd.controller import Controller

from claims.adapters import mail as mail_module
from claims.adapters.mail import Mail, MailRefused, SmtpMailer, code_mail
from claims.settings import Settings
from content import LANGUAGES
from tests.integration.claims.claims_api import free_port, settings_for
from tests.integration.claims.mail_server import Inbox, receiving

PROMISES = {"en": "anyone who calls", "nl": "iemand die je opbelt", "fr": "une personne qui vous appelle"}


@pytest.fixture
def inbox() -> Inbox:
    return Inbox()


@pytest.fixture
def server(inbox: Inbox) -> Iterator[Settings]:
    with receiving(inbox) as port:
        yield settings_for("sqlite://", smtp_port=port)


@pytest.fixture
def certificate(tmp_path: Path) -> tuple[Path, Path]:
    key, cert = tmp_path / "key.pem", tmp_path / "cert.pem"
    request = "openssl req -x509 -newkey rsa:2048 -nodes -days 1 -subj /CN=127.0.0.1"
    names = ["-addext", "subjectAltName=IP:127.0.0.1", "-keyout", str(key), "-out", str(cert)]
    subprocess.run([*request.split(), *names], check=True, capture_output=True)
    return key, cert


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_mail_carries_the_code_and_the_warning(server: Settings, inbox: Inbox, language: str) -> None:
    SmtpMailer(server).send(code_mail("lies@example.be", "424242", 10, language))
    message = inbox.messages[0]
    text = message.get_content()
    assert "424242" in text
    assert "10 minut" in text
    assert PROMISES[language] in text
    assert "{" not in text
    # A lock screen shows the subject.
    assert "424242" not in message["Subject"]
    assert message["To"] == "lies@example.be"
    assert message["Content-Language"] == language
    assert message["Auto-Submitted"] == "auto-generated"


@pytest.mark.parametrize(
    "address",
    [
        "lies@example.be\r\nBcc: x@example.be",
        "lies@example.be, x@example.be",
        "Lies <lies@example.be>",
        "lies@example.be\x00",
        "lies",
        "",
        "@",
        "lies@example.be x",
    ],
)
def test_what_is_not_one_plain_address_gets_no_mail(server: Settings, inbox: Inbox, address: str) -> None:
    with pytest.raises(MailRefused) as refused:
        SmtpMailer(server).send(code_mail(address, "424242", 10, "en"))
    assert "example.be" not in str(refused.value)
    assert inbox.messages == []


def test_a_line_break_in_a_subject_adds_no_header(server: Settings, inbox: Inbox) -> None:
    with pytest.raises(MailRefused, match="more than one line"):
        SmtpMailer(server).send(Mail("lies@example.be", "Your claim\r\nBcc: x@example.be", "text", "en"))
    assert inbox.messages == []


def test_a_server_that_is_not_there_is_an_os_error() -> None:
    with pytest.raises(OSError, match="refused"):
        SmtpMailer(settings_for("sqlite://", smtp_port=1)).send(code_mail("a@example.be", "1", 10, "en"))


def test_the_password_travels_only_after_starttls(
    inbox: Inbox, certificate: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    key, cert = certificate
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(cert, key)
    controller = Controller(
        inbox,
        hostname="127.0.0.1",
        port=free_port(),
        tls_context=context,
        require_starttls=True,
        auth_required=True,
        authenticator=inbox.authenticate,
    )
    controller.start()
    trusting = ssl.create_default_context(cafile=str(cert))
    try:
        login = {"smtp_user": "claims", "smtp_password": "right", "smtp_starttls": True}
        settings = settings_for("sqlite://", smtp_port=controller.port, **login)
        with pytest.raises(OSError, match="certificate"):
            SmtpMailer(settings).send(code_mail("lies@example.be", "424242", 10, "en"))
        monkeypatch.setattr(mail_module.ssl, "create_default_context", lambda: trusting)
        SmtpMailer(settings).send(code_mail("lies@example.be", "424242", 10, "en"))
    finally:
        controller.stop()
    assert inbox.login.login == b"claims"
    assert len(inbox.messages) == 1
