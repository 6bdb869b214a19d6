"""The panel is there at once, also on a slow phone."""

from __future__ import annotations

from playwright.sync_api import Browser

from tests.conftest import RunningHouse
from tests.performance.paint import RUNS, measure

LONGEST = 100


def test_the_panel_is_painted_within_a_tenth_of_a_second(browser: Browser, house: RunningHouse) -> None:
    # Other work on the machine only adds: one run that is fast enough shows what the widget itself takes.
    times: list[float] = []
    while len(times) < RUNS and min(times, default=LONGEST) >= LONGEST:
        times.append(measure(browser, house.bot))
    assert min(times) < LONGEST, times
