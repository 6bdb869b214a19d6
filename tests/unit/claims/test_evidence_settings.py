"""Where evidence goes and what it may be is checked when the service starts."""

from __future__ import annotations

from pathlib import Path

import pytest

from claims.adapters.files import EvidenceFiles
from claims.settings import PREFIX, Settings
from common.settings import SettingsError, read

GOOD = {
    "CLAIMS_SERVICE_TOKENS": "a-service-token-01",
    "CLAIMS_TOKEN_SECRET": "0123456789abcdef",
    "CLAIMS_AUDIT_SECRET": "fedcba9876543210",
}


def settings(**changes: str) -> Settings:
    return read(Settings, PREFIX, GOOD | {f"CLAIMS_{name.upper()}": value for name, value in changes.items()})


def test_the_limits_are_ten_megabytes_and_twenty_files() -> None:
    assert (settings().evidence_max_bytes, settings().evidence_max_files) == (10 * 1024 * 1024, 20)
    assert (settings().evidence_store, settings().clamav) == ("var/evidence", "")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("evidence_store", ""),
        ("evidence_store", "http://example.be/evidence"),
        ("evidence_store", "s3://"),
        ("evidence_s3_key", "only-the-key"),
        ("evidence_s3_secret", "only-the-secret"),
        ("evidence_max_files", "0"),
        ("evidence_max_files", "101"),
        ("evidence_max_bytes", "0"),
        ("evidence_max_bytes", "200000000"),
        ("clamav", "localhost"),
        ("clamav", "run/clamd.sock"),
        ("clamav", "localhost:port"),
    ],
)
def test_a_setting_that_cannot_be_used_is_named(name: str, value: str) -> None:
    with pytest.raises(SettingsError, match=f"CLAIMS_{name.upper()}"):
        settings(**{name: value})


@pytest.mark.parametrize("clamav", ["127.0.0.1:3310", "[::1]:3310", "/run/clamav/clamd.ctl"])
def test_a_scanner_on_tcp_or_on_a_socket(clamav: str) -> None:
    assert settings(clamav=clamav).clamav == clamav


def test_the_secret_is_not_shown() -> None:
    given = settings(evidence_store="s3://bucket", evidence_s3_key="key", evidence_s3_secret="hidden-secret")
    assert "hidden-secret" not in repr(given)


def test_a_folder_is_named_as_a_path_or_as_an_address(tmp_path: Path) -> None:
    for number, place in enumerate((str(tmp_path / "a b"), (tmp_path / "c d").as_uri())):
        files = EvidenceFiles(settings(evidence_store=place))
        with (tmp_path / "x").open("w+b") as file:
            file.write(b"content")
            files.put("originals/x", file)
        assert (tmp_path / ("a b", "c d")[number] / "originals" / "x").read_bytes() == b"content"
