"""The second factor of staff: codes from an authenticator app (TOTP, RFC 6238), with the secrets encrypted at rest."""

from __future__ import annotations

import base64
import hmac
from datetime import datetime

import pyotp
import structlog
from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

_ISSUER = "Cyber Care"
_STEP_SECONDS = 30
# A phone's clock may be one step off.
_WINDOW = (0, -1, 1)


class SecondFactor:
    """Seals secrets, and checks codes against sealed ones."""

    def __init__(self, secret: str) -> None:
        # A key of its own: what signs customer tokens must not be what encrypts.
        key = HKDF(algorithm=SHA256(), length=32, salt=None, info=b"claims.staff.totp").derive(secret.encode())
        self._fernet = Fernet(base64.urlsafe_b64encode(key))

    def seal(self, totp_secret: str) -> str:
        """Encrypt a secret for the database."""
        return self._fernet.encrypt(totp_secret.encode()).decode()

    def step_of(self, sealed: str, code: str, now: datetime) -> int | None:
        """Find the step of thirty seconds a code belongs to; None when it is not right at `now`."""
        totp = self._open(sealed)
        if totp is None:
            return None
        given = code.replace(" ", "").encode()
        current = int(now.timestamp()) // _STEP_SECONDS
        steps = [current + offset for offset in _WINDOW]
        right = [step for step in steps if hmac.compare_digest(totp.generate_otp(step).encode(), given)]
        return right[0] if right else None

    def seals(self, sealed: str, totp_secret: str) -> bool:
        """Tell whether `sealed` holds this secret."""
        totp = self._open(sealed)
        return totp is not None and hmac.compare_digest(totp.secret, totp_secret)

    def _open(self, sealed: str) -> pyotp.TOTP | None:
        try:
            return pyotp.TOTP(self._fernet.decrypt(sealed).decode(), interval=_STEP_SECONDS)
        except InvalidToken:
            # The key changed: nobody can sign in until their second factor is reset, and the operator must know why.
            structlog.get_logger().error("staff.second_factor_unreadable")
            return None


def enrolment(username: str, totp_secret: str) -> str:
    """Write the otpauth:// address that an authenticator app reads from a QR code."""
    return pyotp.TOTP(totp_secret, interval=_STEP_SECONDS).provisioning_uri(name=username, issuer_name=_ISSUER)
