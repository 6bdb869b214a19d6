"""Rasa 3.6.21 and what runs inside it: NLU components, response generator, stores, the turn channel."""
