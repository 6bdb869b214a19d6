"""Detectors: labels that a race between fifty-four must not decide alone, each with a model and a threshold of its own.

`express_distress` must not be missed, whatever else the message is about. `out_of_scope` is an open class: no training
data holds all of it, so it may win although another label looks likelier. A detector weighs how strongly the classifier
hears the label, by how much it leads or trails, and what the nearest training messages are. It is fitted on messages
the classifier has not seen; its threshold is where no more than a given share of other messages raises an alarm.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from sklearn.linear_model import LogisticRegression


@dataclass(frozen=True)
class Detector:
    """One label's detector.

    Attributes:
        column: The label's place among the labels.
        weights: Of the signals.
        threshold: From this score on the label is heard.
    """

    column: int
    weights: list[float]
    threshold: float

    def hears(self, margins: np.ndarray, near: np.ndarray) -> np.ndarray:
        """Tell for each message whether the label is heard.

        Args:
            margins: Of the linear model, of shape (messages, labels).
            near: The shares of the labels among the nearest messages, of the same shape.
        """
        return np.asarray(signals(self.column, margins, near) @ np.array(self.weights) >= self.threshold)

    def to_values(self) -> dict[str, Any]:
        """As plain values to store."""
        return asdict(self)


def fit(column: int, margins: np.ndarray, near: np.ndarray, codes: np.ndarray, false_alarms: float) -> Detector:
    """Fit a detector on messages the classifier has not seen.

    Args:
        codes: The true labels, as columns.
        false_alarms: The share of other messages that may raise an alarm.
    """
    truth = codes == column
    seen = signals(column, margins, near)
    model = LogisticRegression(max_iter=1_000).fit(seen, truth)
    weights = [float(weight) for weight in model.coef_[0]]
    return Detector(column, weights, float(np.quantile(seen[~truth] @ np.array(weights), 1 - false_alarms)))


def signals(column: int, margins: np.ndarray, near: np.ndarray) -> np.ndarray:
    """What a detector weighs: the label's margin, its lead over the best other one, and the same of its neighbours."""
    parts = []
    for scores in (margins, near):
        others = np.delete(scores, column, axis=1)
        parts += [scores[:, column], scores[:, column] - others.max(axis=1)]
    return np.stack(parts, axis=1)
