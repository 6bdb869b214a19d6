"""Reads the signed identity tokens of a host page where the customer is logged in, and remembers which were used.

A token is a JWT signed with ES256 or EdDSA: `iss` as set here, `aud` "cyber-care", `sub` the policy reference, `iat`
and `exp` in whole seconds and at most ten minutes apart, and a `jti` of its own.
"""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

import jwt
import msgspec
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, EllipticCurvePublicKey
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import load_pem_public_key
from sqlalchemy import Connection, delete, insert, select

from claims.adapters.tables import used_identity_tokens as table
from claims.domain.errors import IdentityTokenInvalid, InvalidPolicyReference
from claims.domain.identity import HOST_AUDIENCE, HostClaims
from claims.domain.policies import policy_reference
from claims.settings import Settings
from common.settings import SettingsError

_REQUIRED = ("iss", "aud", "sub", "iat", "exp", "jti")
_Seconds = Annotated[int, msgspec.Meta(ge=0, le=2**40)]


class _Payload(msgspec.Struct, frozen=True):
    sub: str
    iat: _Seconds
    exp: _Seconds
    jti: Annotated[str, msgspec.Meta(min_length=1, max_length=200)]
    nbf: _Seconds = 0


class HostTokens:
    """Reads tokens; which algorithm signs them follows from the key and never from the token."""

    def __init__(self, key: EllipticCurvePublicKey | Ed25519PublicKey, issuer: str) -> None:
        self._key, self._issuer = key, issuer
        self._algorithm = "EdDSA" if isinstance(key, Ed25519PublicKey) else "ES256"

    def read(self, token: str, now: datetime) -> HostClaims:
        """Read a token.

        Raises:
            IdentityTokenInvalid: It is not from the host page, not for us or not for now; it does not say which.
        """
        try:
            payload = msgspec.convert(self._verified(token), _Payload)
            claims = _claims(payload, self._issuer)
        except (jwt.PyJWTError, InvalidPolicyReference, ValueError):
            # Not chained: what is wrong with a token may repeat what is in it.
            raise IdentityTokenInvalid from None
        if not claims.hold_at(now):
            raise IdentityTokenInvalid
        return claims

    def _verified(self, token: str) -> dict[str, Any]:
        # The times are checked against our own clock, which tests can move.
        options: Any = {"require": list(_REQUIRED), "strict_aud": True}
        options |= {"verify_exp": False, "verify_iat": False, "verify_nbf": False}
        return jwt.decode(
            token,
            self._key,
            algorithms=[self._algorithm],
            audience=HOST_AUDIENCE,
            issuer=self._issuer,
            options=options,
        )


class UsedTokens:
    """Remembers tokens until they are too old to be taken anyway; only hashes are kept."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def use(self, claims: HostClaims, now: datetime) -> None:
        """Note that a token is used.

        Raises:
            IdentityTokenInvalid: It was used before.
        """
        self._connection.execute(delete(table).where(table.c.expires_at < now))
        used = select(table.c.token_hash).where(table.c.token_hash == claims.token_hash)
        if self._connection.execute(used).one_or_none() is not None:
            raise IdentityTokenInvalid
        values = {"token_hash": claims.token_hash, "expires_at": claims.forgotten_at}
        self._connection.execute(insert(table).values(values))


def host_tokens(settings: Settings) -> HostTokens | None:
    """Make the reader that the settings ask for; None when they name no key.

    Raises:
        SettingsError: The key cannot be used.
    """
    if not settings.host_key_file:
        return None
    try:
        key = load_pem_public_key(Path(settings.host_key_file).read_bytes())
    except (OSError, ValueError, UnsupportedAlgorithm):
        raise SettingsError("CLAIMS_HOST_KEY_FILE must name a readable PEM file with a public key") from None
    if isinstance(key, Ed25519PublicKey) or (isinstance(key, EllipticCurvePublicKey) and _is_p256(key)):
        return HostTokens(key, settings.host_issuer)
    raise SettingsError("CLAIMS_HOST_KEY_FILE must hold an Ed25519 or an EC P-256 key")


def _is_p256(key: EllipticCurvePublicKey) -> bool:
    return isinstance(key.curve, SECP256R1)


def _claims(payload: _Payload, issuer: str) -> HostClaims:
    # The jti and not the whole token: one signature can be written in more than one way.
    token_hash = hashlib.sha256(f"{issuer}\0{payload.jti}".encode(errors="surrogatepass")).hexdigest()
    moments = (payload.iat, max(payload.iat, payload.nbf), payload.exp)
    issued, valid_from, expires = (datetime.fromtimestamp(seconds, UTC) for seconds in moments)
    return HostClaims(policy_reference(payload.sub), token_hash, issued, valid_from, expires)
