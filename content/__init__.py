"""Facts and sentences: reads data/facts and data/responses, renders one message in one language.

Used by every room that speaks to a customer, so that each sentence and each number has one place.
It depends on PyYAML and Babel only and holds no state of a conversation.
"""

LANGUAGES = ("en", "nl", "fr")
