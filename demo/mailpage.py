"""The mail sink's page: plain HTML that refreshes itself without scripts."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from html import escape

_CODE = re.compile(r"(?<!\d)(\d{6})(?!\d)")

_STYLE = """
:root { color-scheme: light dark; --edge: #d5d9e2; --soft: #5a6275; --paper: #fff; --code: #5c2d91; }
@media (prefers-color-scheme: dark) { :root { --edge: #3a4050; --soft: #a4acbd; --paper: #1b1f29; --code: #c9a7f5; } }
body { font: 16px/1.5 system-ui, sans-serif; max-width: 46rem; margin: 2rem auto; padding: 0 1rem; }
h1 { font-size: 1.4rem; margin-bottom: 0; }
p.about, .head { color: var(--soft); }
article { background: var(--paper); border: 1px solid var(--edge); border-radius: .6rem; padding: 1rem 1.2rem; }
article { margin: 1rem 0; }
h2 { font-size: 1.05rem; margin: 0 0 .3rem; }
.head { font-size: .85rem; margin: 0 0 .8rem; }
pre { font: inherit; white-space: pre-wrap; overflow-wrap: anywhere; margin: 0; }
strong { color: var(--code); font-size: 1.5rem; letter-spacing: .12em; }
"""


def render(mails: Sequence[Mapping[str, str]]) -> str:
    """Write the page with the given mails, newest first."""
    shown = "\n".join(_article(mail) for mail in mails) or "<p>No mail yet. Ask for a code in the chat.</p>"
    return f"""<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="refresh" content="4">
<title>Demo mail ({len(mails)})</title>
<style>{_STYLE}</style>
</head>
<body>
<h1>Demo mail</h1>
<p class="about">Every mail of the demo ends here; nothing is sent to anyone. The page refreshes itself.</p>
{shown}
</body>
</html>"""


def _article(mail: Mapping[str, str]) -> str:
    text = _CODE.sub(r"<strong>\1</strong>", escape(mail["text"]))
    return (
        f"<article><h2>{escape(mail['subject'])}</h2>"
        f'<p class="head">To {escape(mail["to"])} &middot; <time>{escape(mail["at"])}</time></p>'
        f"<pre>{text}</pre></article>"
    )
