"""Reads what a component stored at training, and nothing that could run code."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import skops.io

_TRUSTED = ("sklearn.", "numpy.", "scipy.")


def load(path: Path) -> Any:
    """Load a skops file; only scikit-learn, scipy and numpy types are accepted from it.

    Raises:
        skops.io.exceptions.UntrustedTypesFoundException: There are others in it.
    """
    allowed = [name for name in skops.io.get_untrusted_types(file=path) if name.startswith(_TRUSTED)]
    return skops.io.load(path, trusted=allowed)
