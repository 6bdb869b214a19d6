"""The host page of the tests: knows who is logged in, and says so with a key of its own."""

from __future__ import annotations

import time
import uuid
from pathlib import Path

import jwt
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

ISSUER = "https://my.example.be"
_KEY = Ed25519PrivateKey.generate()


def settings(folder: Path) -> dict[str, str]:
    """What the claims backend has to know of it; the public key is written below `folder`."""
    file = folder / "host-page.pem"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(_KEY.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo))
    return {"CLAIMS_HOST_KEY_FILE": str(file), "CLAIMS_HOST_ISSUER": ISSUER}


def token_for(policy: str, **changes: str | int) -> str:
    """A signed token for the holder of a policy; each works once."""
    now = int(time.time())
    says = {"iss": ISSUER, "aud": "cyber-care", "sub": policy, "iat": now, "exp": now + 300, "jti": uuid.uuid4().hex}
    return jwt.encode(says | changes, _KEY, "EdDSA")
