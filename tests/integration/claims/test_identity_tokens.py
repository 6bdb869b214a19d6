"""Signed identity tokens of the host page: real keys, real signatures, and everything that must not work."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import hmac
import json
import os
import subprocess
import sys
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat
from sqlalchemy import text

from claims.adapters.identity_tokens import host_tokens
from common.settings import SettingsError
from tests.integration.claims.claims_api import LIES, Api, code_of, settings_for
from tests.integration.claims.conftest import NOW, running

ISSUER = "https://my.example.be"
INVALID = (401, "identity_token_invalid")

KEYS: dict[str, Any] = {"ES256": ec.generate_private_key(ec.SECP256R1()), "EdDSA": ed25519.Ed25519PrivateKey.generate()}
OTHERS: dict[str, Any] = {
    "ES256": ec.generate_private_key(ec.SECP256R1()),
    "EdDSA": ed25519.Ed25519PrivateKey.generate(),
}


def public(key: Any) -> bytes:
    pem: bytes = key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    return pem


def payload(**changes: Any) -> dict[str, Any]:
    """What a good token says; None leaves a claim out."""
    issued = int(NOW.timestamp())
    good = {"iss": ISSUER, "aud": "cyber-care", "sub": LIES, "iat": issued, "exp": issued + 300, "jti": "token-1"}
    return {name: value for name, value in (good | changes).items() if value is not None}


def later(seconds: int) -> int:
    return int((NOW + timedelta(seconds=seconds)).timestamp())


@pytest.fixture(params=["ES256", "EdDSA"])
def algorithm(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
async def api(database_url: str, algorithm: str, tmp_path: Path) -> AsyncIterator[Api]:
    """The service, knowing the host page's public key."""
    key = tmp_path / "host.pem"
    key.write_bytes(public(KEYS[algorithm]))
    async with running(database_url, host_key_file=str(key), host_issuer=ISSUER) as started:
        yield started


async def hand_in(api: Api, token: str) -> httpx.Response:
    return await api.client.post("/v1/identity/tokens", json={"token": token})


def signed(algorithm: str, **changes: Any) -> str:
    return jwt.encode(payload(**changes), KEYS[algorithm], algorithm)


async def test_a_good_token_opens_the_policy_as_a_code_does(api: Api, algorithm: str) -> None:
    challenge = (await api.ask_code()).json()["challenge"]
    by_code = (await api.give_code(challenge, "424242")).json()
    answer = await hand_in(api, signed(algorithm, sub=" cyb-1001-0001 "))
    assert answer.status_code == 200
    assert answer.json() == by_code
    headers = {"x-customer-token": answer.json()["customer_token"]}
    assert (await api.client.get(f"/v1/policies/{LIES}", headers=headers)).status_code == 200
    assert code_of(await api.client.get("/v1/policies/CYB-1002-0002", headers=headers)) == (403, "other_policy")
    with api.services.unit() as unit:
        last = list(unit.audit.entries())[-1]
    assert (last["action"], last["subject"], last["details"]) == (
        "customer_identified",
        f"policy:{LIES}",
        {"how": "token"},
    )


@pytest.mark.parametrize(
    "changes",
    [
        {"iss": "https://other.example.be"},
        {"iss": None},
        {"aud": "something-else"},
        {"aud": ["cyber-care"]},
        {"aud": None},
        {"sub": "CYB-9999-9999"},
        {"sub": "lies"},
        {"sub": None},
        {"iat": later(-700), "exp": later(-31)},
        {"iat": later(-10), "exp": later(591)},
        {"iat": later(60), "exp": later(120)},
        {"nbf": later(60)},
        {"iat": None},
        {"exp": None},
        {"exp": later(-1), "iat": later(0)},
        {"exp": 2**40},
        {"exp": 10**400},
        {"exp": str(later(300))},
        {"exp": float(later(300))},
        {"iat": -1},
        {"jti": None},
        {"jti": ""},
        {"jti": "x" * 201},
        {"jti": ["a", "b"]},
    ],
    ids=str,
)
async def test_a_signed_token_that_says_something_wrong_is_not_taken(
    api: Api, algorithm: str, changes: dict[str, Any]
) -> None:
    # Not through jwt.encode, which would not sign some of these.
    token = jwt.api_jws.encode(json.dumps(payload(**changes)).encode(), KEYS[algorithm], algorithm)
    answer = await hand_in(api, token)
    assert code_of(answer) == INVALID
    assert answer.json()["error"]["details"] == {}
    assert (await hand_in(api, signed(algorithm))).status_code == 200


async def test_a_token_of_a_clock_that_is_a_little_off_is_taken(api: Api, algorithm: str) -> None:
    for number, (issued, expires) in enumerate([(29, 60), (-60, -29)]):
        answer = await hand_in(api, signed(algorithm, iat=later(issued), exp=later(expires), jti=f"off-{number}"))
        assert answer.status_code == 200


async def test_only_the_host_page_s_own_key_counts(api: Api, algorithm: str) -> None:
    assert code_of(await hand_in(api, jwt.encode(payload(), OTHERS[algorithm], algorithm))) == INVALID
    other = "EdDSA" if algorithm == "ES256" else "ES256"
    assert code_of(await hand_in(api, jwt.encode(payload(), KEYS[other], other))) == INVALID
    head, _, rest = signed(algorithm).partition(".")
    body, _, signature = rest.partition(".")
    forged = base64.urlsafe_b64encode(json.dumps(payload(sub="CYB-1002-0002")).encode()).decode().rstrip("=")
    assert body != forged
    assert code_of(await hand_in(api, f"{head}.{forged}.{signature}")) == INVALID
    assert code_of(await hand_in(api, f"{head}.{body}.")) == INVALID


async def test_the_header_cannot_choose_the_algorithm(api: Api, algorithm: str) -> None:
    unsigned = jwt.encode(payload(), None, "none")
    assert code_of(await hand_in(api, unsigned)) == INVALID
    for secret in (public(KEYS[algorithm]), public(KEYS[algorithm]).strip(), b""):
        assert code_of(await hand_in(api, _with_secret(secret))) == INVALID


def _with_secret(secret: bytes) -> str:
    """Sign with HMAC, as someone would who only has the public key; PyJWT itself refuses to."""
    parts = [json.dumps({"alg": "HS256", "typ": "JWT"}).encode(), json.dumps(payload()).encode()]
    signing = ".".join(base64.urlsafe_b64encode(part).decode().rstrip("=") for part in parts)
    signature = hmac.new(secret, signing.encode(), hashlib.sha256).digest()
    return f"{signing}.{base64.urlsafe_b64encode(signature).decode().rstrip('=')}"


@pytest.mark.parametrize("header", [b"[" * 2000, b"[]", b'{"alg": {}}', b'{"alg": "ES256", "crit": ["x"]}', b"\xff"])
async def test_a_header_that_makes_no_sense_is_one_more_invalid_token(api: Api, header: bytes) -> None:
    written = base64.urlsafe_b64encode(header).decode().rstrip("=")
    assert code_of(await hand_in(api, f"{written}.e30.AAAA")) == INVALID


async def test_what_is_no_token_is_refused(api: Api) -> None:
    assert code_of(await hand_in(api, "nonsense")) == INVALID
    for token in ("", "a b", "x" * 4001, "\0"):
        assert code_of(await hand_in(api, token)) == (422, "invalid_body")


async def test_a_token_works_once(api: Api, algorithm: str) -> None:
    token = signed(algorithm)
    assert (await hand_in(api, token)).status_code == 200
    assert code_of(await hand_in(api, token)) == INVALID
    # Another signature under the same id is the same token.
    assert code_of(await hand_in(api, signed(algorithm, exp=later(200)))) == INVALID
    assert (await hand_in(api, signed(algorithm, jti="token-2"))).status_code == 200


async def test_a_token_works_once_also_at_the_same_moment(api: Api, algorithm: str) -> None:
    token = signed(algorithm)
    answers = await asyncio.gather(*(hand_in(api, token) for _ in range(8)))
    assert sorted(answer.status_code for answer in answers) == [200, *[401] * 7]
    with api.services.unit() as unit:
        assert [entry["action"] for entry in unit.audit.entries()] == ["customer_identified"]


async def test_used_tokens_are_kept_as_hashes_and_only_while_they_could_come_again(api: Api, algorithm: str) -> None:
    await hand_in(api, signed(algorithm, jti="a-name-of-its-own"))
    with api.services.engine.connect() as connection:
        stored = connection.execute(text("SELECT * FROM used_identity_tokens")).all()
    assert len(stored) == 1
    assert "a-name-of-its-own" not in str(stored)
    api.clock.forward(seconds=331)
    await hand_in(api, signed(algorithm, iat=later(331), exp=later(600), jti="token-2"))
    with api.services.engine.connect() as connection:
        assert len(connection.execute(text("SELECT * FROM used_identity_tokens")).all()) == 1


async def test_without_a_key_there_are_no_identity_tokens(database_url: str) -> None:
    async with running(database_url) as api:
        assert code_of(await hand_in(api, signed("ES256"))) == (404, "identity_tokens_off")


def test_a_missing_key_stops_the_service_with_a_sentence(tmp_path: Path) -> None:
    environment = os.environ | {
        "CLAIMS_SERVICE_TOKENS": "test-service-token-1",
        "CLAIMS_TOKEN_SECRET": "test-token-secret-1",
        "CLAIMS_AUDIT_SECRET": "test-audit-secret-1",
        "CLAIMS_DATABASE_URL": f"sqlite:///{tmp_path}/claims.db",
        "CLAIMS_HOST_KEY_FILE": f"{tmp_path}/missing.pem",
        "CLAIMS_HOST_ISSUER": ISSUER,
    }
    command = [sys.executable, "-m", "claims"]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60)
    assert done.returncode == 1
    assert done.stderr.strip().splitlines() == ["CLAIMS_HOST_KEY_FILE must name a readable PEM file with a public key"]


def test_a_key_that_cannot_be_used_is_refused(tmp_path: Path) -> None:
    wrong = {
        "missing.pem": None,
        "text.pem": b"no key",
        "rsa.pem": public(rsa.generate_private_key(65537, 2048)),
        "curve.pem": public(ec.generate_private_key(ec.SECP384R1())),
        "private.pem": KEYS["EdDSA"].private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()),
    }
    for name, content in wrong.items():
        if content is not None:
            (tmp_path / name).write_bytes(content)
        settings = settings_for("sqlite://", host_key_file=str(tmp_path / name), host_issuer=ISSUER)
        with pytest.raises(SettingsError, match="CLAIMS_HOST_KEY_FILE"):
            host_tokens(settings)
