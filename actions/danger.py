"""Words of three languages that say whose danger a message is about, and of which kind it is."""

from __future__ import annotations

import re

# Who speaks of somebody else's danger speaks of another person, and not at all of themselves.
_ANOTHER = re.compile(
    r"\b(?:he|she|man|woman|person|somebody|someone|hij|zij|ze|vrouw|iemand|il|elle|homme|femme|quelqu.un)\b"
    r"|\b(?:my|our|mijn|m.n|onze|ons|mon|ma|notre) (?:\w+ )?(?:son|daughter|child|kid|boy|girl|brother|sister|friend|"
    r"girlfriend|boyfriend|husband|wife|partner|mother|father|mum|mom|dad|neighbour|classmate|colleague|zoon|dochter|"
    r"kind|jongen|meisje|broer|zus|vriend|vriendin|man|vrouw|moeder|vader|mama|papa|buurman|buurvrouw|collega|fils|"
    r"fille|enfant|frère|soeur|sœur|ami|amie|copain|copine|mari|femme|mère|père|voisin|voisine|collègue)\b",
    re.I,
)
_MYSELF = re.compile(
    r"\b(?:i|im|ive|me|myself|ik|k|mij|mezelf|mijzelf|mijn eigen|je|moi)\b|\bj['’]|\bm['’](?!n\b)", re.I
)

# A child, somebody from the internet, and a meeting: who helps then is not who helps in despair.
_CHILD = re.compile(
    r"\b(?:my|our|mijn|m.n|onze?|ons|mon|ma|notre) (?:\w+ ){0,2}(?:son|daughter|child|kid|boy|girl|niece|nephew"
    r"|brother|sister|zoon|zoontje|dochter|dochtertje|kind|jongen|meisje|nichtje|neefje|broertje|zusje|kleindochter"
    r"|kleinzoon|fils|fille|enfant|garçon|petite?|nièce|neveu|frère|soeur|sœur|petite-fille|petit-fils)\b"
    r"|\b(?:[89]|1[0-7])(?: |-)?(?:years?|yo\b|jaar|jarige?|ans)"
    r"|\bmy (?:[89]|1[0-7]) year|\bi['’ ]?a?m (?:[89]|1[0-7])\b",
    re.I,
)
_ONLINE = re.compile(
    r"\b(?:online|(?:on|from) the internet|van het internet|d['’]internet|en ligne|chat|tchat|app|game|gamet|jeu"
    r"|snapchat|insta\w*|tiktok|discord|roblox|fortnite|stranger|vreemde|onbekende|inconnu)\b",
    re.I,
)
_MEETING = re.compile(
    r"\b(?:meet\w*|pick(?:s|ing)? (?:\w+ ){0,3}up|collect|waiting for|see (?:her|him|my|me|us)|hotel|date with"
    r"|ontmoeten|afspreken|afgesproken|afspraak|oppikken|halen|(?:haar|hem|mij|me) (?:\w+ )?zien|wacht|onderweg"
    r"|rencontrer|rendez-vous|rdv|(?:la|le|me) (?:voir|chercher|prendre)|l['’]attend|chercher|hôtel|en route"
    r"|on (?:his|her|the) way)\b",
    re.I,
)
_DEATH = re.compile(
    r"\b(?:(?:to|wanna|gonna|will) die|dying|dead|death|kill\w*|suicid\w*"
    r"|dood|sterven|leven|zelf\w*|mourir|mort|morte|tuer|finir|vivre)\b",
    re.I,
)


def speaks_of_another(text: str) -> bool:
    """Tell whether a message about danger is about another person, and not about who writes it."""
    return bool(_ANOTHER.search(text)) and not _MYSELF.search(text)


def speaks_of_meeting_a_child(text: str) -> bool:
    """Tell whether somebody from the internet is to meet a child, and nobody speaks of death."""
    return all(pattern.search(text) for pattern in (_CHILD, _ONLINE, _MEETING)) and not _DEATH.search(text)
