"""How soon the panel is painted after the click on a middling phone: `.venv/bin/python -m tests.performance.paint`.

The phone is Chromium with a processor slowed to a quarter. The browser's own Event Timing says how long it took from
the finger to the next painted frame. With the address of a running bot it uses that one, else it starts its own house.
"""

from __future__ import annotations

import statistics
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from launcher import programs

RUNS = 15
SLOWER = 4
PHONE = {"width": 390, "height": 844}
# The browser rounds to 8 ms; "click" is the event of the finger that has the panel painted.
OBSERVE = """() => {
    window.painted = new Promise((resolve) => new PerformanceObserver((list) => {
        const click = list.getEntriesByName("click")[0];
        if (click) resolve(click.duration);
    }).observe({ type: "event", durationThreshold: 16 }));
    // A paint faster than the observer's threshold is not told.
    addEventListener("click", () => setTimeout(() => window.fast?.(16), 1000), true);
    window.painted = Promise.race([window.painted, new Promise((resolve) => (window.fast = resolve))]);
}"""


def measure(browser: Browser, address: str) -> float:
    """Milliseconds from the click on the launcher until the panel is on the screen, in a new browser."""
    context = browser.new_context(viewport=PHONE, is_mobile=True, has_touch=True)
    try:
        page = context.new_page()
        page.goto(address)
        launcher = page.get_by_test_id("launcher")
        launcher.wait_for()
        context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
        page.evaluate(OBSERVE)
        launcher.tap()
        page.get_by_test_id("panel").wait_for()
        return float(page.evaluate("window.painted"))
    finally:
        context.close()


def main(arguments: list[str]) -> None:
    """Measure several times and print what came out."""
    if arguments:
        report(arguments[0])
        return
    from tests.conftest import start_house

    with tempfile.TemporaryDirectory() as folder:
        running = start_house(Path(folder))
        try:
            report(running.bot)
        finally:
            running.house.stop()


def report(address: str) -> None:
    """Print the middle, the best and the worst of all runs."""
    with sync_playwright() as playwright:
        program = programs.find(programs.CHROMIUM)
        browser = playwright.chromium.launch(executable_path=program, args=programs.chromium_arguments())
        times = sorted(measure(browser, address) for _ in range(RUNS))
        browser.close()
    middle = statistics.median(times)
    print(f"first paint of the panel, processor {SLOWER} times slower, {RUNS} runs:", end=" ")
    print(f"median {middle:.0f} ms, best {times[0]:.0f} ms, worst {times[-1]:.0f} ms")


if __name__ == "__main__":
    main(sys.argv[1:])
