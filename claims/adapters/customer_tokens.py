"""Signed proof that a customer gave the code of one policy."""

from __future__ import annotations

from typing import Any

from itsdangerous import BadData, SignatureExpired, TimestampSigner, URLSafeTimedSerializer

from claims.adapters.clock import Clock
from claims.domain.identity import CUSTOMER_TOKEN_DELIVERS, CUSTOMER_TOKEN_VALID


class TokenInvalid(Exception):
    """The token is missing, forged or damaged."""


class TokenExpired(TokenInvalid):
    """The token was good once."""


class _ClockSigner(TimestampSigner):
    """itsdangerous reads the time of the machine; this one asks our clock."""

    def __init__(self, *args: Any, clock: Clock, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._clock = clock

    def get_timestamp(self) -> int:
        return int(self._clock().timestamp())


class CustomerTokens:
    """Issues and reads customer tokens; each is bound to one policy and holds for two hours."""

    def __init__(self, secret: str, clock: Clock) -> None:
        self._serializer = URLSafeTimedSerializer(
            secret, salt="claims.customer", signer=_ClockSigner, signer_kwargs={"clock": clock}
        )

    def issue(self, policy_reference: str) -> str:
        """Make a token for the customer of `policy_reference`."""
        return str(self._serializer.dumps({"policy": policy_reference}))

    def read(self, token: str, *, late: bool = False) -> str:
        """Read the policy reference from a token.

        Args:
            late: Accept a token of the last seven days, for calls that only deliver.

        Raises:
            TokenExpired: It is too old.
            TokenInvalid: It is not ours.
        """
        valid = CUSTOMER_TOKEN_DELIVERS if late else CUSTOMER_TOKEN_VALID
        try:
            # A header can hold bytes that are no text; they are no token either.
            content = self._serializer.loads(token.encode("ascii"), max_age=int(valid.total_seconds()))
            return str(content["policy"])
        except SignatureExpired as error:
            raise TokenExpired from error
        except (BadData, UnicodeEncodeError, KeyError, TypeError) as error:
            raise TokenInvalid from error
