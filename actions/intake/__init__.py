"""The claim intake: one form, its questions are data in data/facts/intake."""
