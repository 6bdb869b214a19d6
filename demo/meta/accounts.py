"""The business the stand-in knows: one app, one page, one WhatsApp number. Made up; the bot is told the same ids."""

from __future__ import annotations

APP_ID = "1517776481860111"
PAGE_ID = "1906385232743451"
PAGE_NAME = "Cyber Care"
WABA_ID = "102290129340398"
PHONE_NUMBER_ID = "106540352242922"
PHONE_NUMBER = "15550783881"
# The one WhatsApp template that was approved.
TEMPLATE = "we_are_here"
# Meta's own id of the inbox in which people of a page answer.
INBOX_APP_ID = "263902037430900"

# Telephone numbers with 555 01 belong to nobody. The identifiers on Messenger mean nothing.
PEOPLE = (
    ("messenger", "6250041301689012", "Chloé Dubois", "fr_FR"),
    ("messenger", "6250041301689013", "Nora Janssens", "nl_NL"),
    ("messenger", "6250041301689014", "Emma Clarke", "en_GB"),
    ("whatsapp", "12025550111", "Lotte Peeters", "nl_NL"),
    ("whatsapp", "12025550122", "Louis Lambert", "fr_FR"),
    ("whatsapp", "12025550133", "Tom Baker", "en_GB"),
)
