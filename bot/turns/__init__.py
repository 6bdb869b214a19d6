"""Answering: one worker per conversation asks the engine for turns, in order, and stores what it says."""
