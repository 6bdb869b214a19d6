"""What the product page excludes, as far as somebody said that it applies; nobody is assumed to have done anything."""

from __future__ import annotations

from collections.abc import Iterator

from claims.domain.facts import CausedBy, YesNo
from claims.domain.incidents import Cover, Incident, falling_under
from claims.domain.reasons import Case, Reason, against, doubt
from claims.domain.rules import Housemates

_EVERY = frozenset(Incident)
_DATA_LOSS = falling_under({Cover.DATA_RECOVERY})
_PERSONAL_DATA = _EVERY - falling_under({Cover.DATA_RECOVERY, Cover.ONLINE_PURCHASES})
"""Where spread personal data can be what did the harm."""

_STATED = (
    # The fact, the answer that is against, the code of the reason, and where it applies.
    ("unlawful_activity", YesNo.YES, "unlawful_activity", _EVERY),
    ("spread_by_institution", YesNo.YES, "spread_by_institution", _PERSONAL_DATA),
    ("extraordinary_event", YesNo.YES, "extraordinary_event", _EVERY),
    ("foreseeable", YesNo.YES, "foreseeable", _EVERY),
    ("recovery_impossible", YesNo.YES, "recovery_impossible", _DATA_LOSS),
    ("data_authorised", YesNo.NO, "data_not_authorised", _DATA_LOSS),
)


def cause(case: Case) -> Iterator[Reason]:
    """Look at who caused it."""
    match case.facts.caused_by:
        case CausedBy.HOUSEMATE:
            yield from _housemate(case)
        case CausedBy.KNOWN_OUTSIDER | CausedBy.SELF:
            yield doubt("caused_by_known")


def _housemate(case: Case) -> Iterator[Reason]:
    setting = case.rules.housemates
    match case.agreed(lambda rules: rules.housemates.value):
        case Housemates.EXCLUDED:
            yield against("caused_by_housemate", setting.source)
        case Housemates.HANDLER_DECIDES:
            yield doubt("caused_by_housemate_unclear", setting.source)


def stated(case: Case) -> Iterator[Reason]:
    """Look at the exclusions somebody spoke about: "unknown" is a doubt, silence is nothing."""
    for fact, excluding, code, incidents in _STATED:
        answer = getattr(case.facts, fact)
        if case.incident not in incidents:
            continue
        if answer is excluding:
            yield against(code)
        elif answer is YesNo.UNKNOWN:
            yield doubt(f"{code}_unclear")


EXCLUSIONS = (cause, stated)
