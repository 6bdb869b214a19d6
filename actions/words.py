"""Words of three languages that decide how an answer is read. Only lists; reading.py does the reading."""

from __future__ import annotations

import re

# What dateparser does not know, in words it does.
DAY_WORDS: dict[str, tuple[tuple[str, str], ...]] = {
    "en": (),
    "nl": (
        (r"\b(?:van|deze )(?:morgen|ochtend|middag|avond|nacht)\b", "vandaag"),
        (r"\been (?:half )?uur(?:tje)? geleden\b", "vandaag"),
        (r"\bgister(?:en)?(?:morgen|ochtend|middag|avond|nacht)\b", "gisteren"),
        *(
            (rf"\b{word}(?=\s+(?:dag|dagen|week|weken|maand|maanden|jaar)\b)", str(number))
            for words, number in zip(
                (
                    *("een|één", "twee", "drie", "vier", "vijf", "zes", "zeven", "acht", "negen", "tien"),
                    *("elf", "twaalf", "dertien", "veertien", "vijftien"),
                ),
                range(1, 16),
                strict=True,
            )
            for word in words.split("|")
        ),
    ),
    "fr": (
        (r"\b(?:ce matin|cet après-midi|ce soir|cette nuit)\b", "aujourd'hui"),
        (r"\b(?:une )?dizaine de jours\b", "10 jours"),
        (r"\b(?:une quinzaine de|quinze) jours\b", "15 jours"),
        (r"\bvingt jours\b", "20 jours"),
    ),
}
# "When did you notice it?" "The same evening."
SAME_DAY = re.compile(
    r"\b(?:same (?:day|morning|afternoon|evening|night)|straight away|right away|immediately|at once"
    r"|(?:de)?zelfde (?:dag|ochtend|namiddag|middag|avond)|diezelfde|meteen|direct|onmiddellijk"
    r"|(?:jour|matin|soir|après-midi) même|même (?:jour|soir)|tout de suite|immédiatement|directement|aussitôt)\b",
    re.I,
)
# "3de november", "21ste mei": the figures are the day.
ORDINAL = re.compile(r"\b([0-9]{1,2})(?:ste|de|e|er|st|nd|rd|th)\b")
# "A few days ago" is no day.
VAGUE = re.compile(r"\b(?:few|couple|several|some|paar|enkele|quelques)\b")
# French says the distance first, and other languages would read the number alone.
FRENCH_AGO = re.compile(r"\b(?:il )?y a(?= [0-9])")
# A time of day is no day: "3 november om 10 uur" is not the tenth. "3 uur geleden" stays.
TIME = re.compile(
    r"(?<!il y a )(?<![0-9/.-])\b(?:om|at|à|vers|rond|around)?\s*[0-9]{1,2}"
    r"(?:\s*(?:uur|heures?|o'clock|am|pm|[uh])\b|[:hu][0-9]{2}\b)(?!\s+geleden)"
)
# "4 days ago", "il y a 6 jours": a number of days, not the name of one.
COUNTED = re.compile(
    r"\b[0-9]+\s*(?:days?|weeks?|months?|hours?|dag(?:en)?|week|weken|maand(?:en)?|uur|jours?|semaines?|mois|heures?)\b"
)
WEEKDAY = re.compile(
    r"\b(?:(?:mon|tues|wednes|thurs|fri|satur|sun)day|(?:maan|dins|woens|donder|vrij|zater|zon)dag"
    r"|(?:lun|mar|mercre|jeu|vendre|same)di|dimanche)\b"
)
YES = ("yes", "y", "yep", "yeah", "ja", "jep", "jawel", "jazeker", "oui", "ouais", "ok", "oke", "okee", "okay")
# What else agrees to a read-back, as the whole message: "klopt niet" begins like one of them.
AGREED = (
    *("klopt", "alles klopt", "het klopt", "ja klopt", "klopt helemaal", "doe maar", "tis goed", "tis goed zo"),
    *("envoyez", "looks good", "all good", "all correct"),
)
NO = ("no", "n", "nope", "not yet", "nee", "neen", "nog niet", "non", "pas encore")


def _set(words: str) -> frozenset[str]:
    return frozenset(re.findall(r"\w+", words))


# Words that fit any choice, in the three languages: "for myself" says nothing about "for work".
FILLERS = _set(
    "the a an and for from with was were has have had did that this they them their there its you your our mine "
    "own through over out all who how what which when very just "
    "het een met mijn voor van was waren heb heeft had hebben dat deze dit die zij hun hem haar aan bij uit als "
    "over door wie hoe wat heel zijn ben "
    "les des une pour avec par mon mes ses son dans sur est sont etait ont ai ete que qui quoi cela cette ces "
    "leur leurs nous vous ils elles tout tres"
)
NEGATIONS = _set(
    "no not never nothing none don didn doesn isn wasn haven hasn won nor nobody "
    "niet geen nooit niets noch niemand ne pas jamais rien aucun aucune non personne"
)
ME = re.compile(
    r"\b(?:me|myself|mij|mezelf|ikzelf|moi|moi-meme|and i|en ik)\b|^(?:i|ik)(?:\s+(?:was|am|ben|zelf)\b.*)?$",
)
# What a change begins with: it denies what was noted, not what follows.
OPENING = re.compile(
    r"^(?:(?:oh|ah|oei|oeps|oops|oups|sorry|pardon|zut|wait|wacht|attends|attendez|no|nope|nee|neen|non|actually|eigenlijk"
    r"|en fait)\b[\s,.!:…-]*)+",
    re.I,
)
# Words with which people take something back.
TAKES_BACK = re.compile(
    r"\b(?:no|not|wrong|change|correct|sorry|actually|mistake|instead|oops|wait|"
    r"nee|neen|niet|fout|verkeerd|wijzig\w*|eigenlijk|vergist|toch|oei|oeps|wacht|"
    r"non|pas|erreur|corrig\w*|modifi\w*|plutôt|trompée?|oups|pardon|zut|en fait)\b",
    re.I,
)
# It says to whom something happened, or did not happen.
HAPPENED_TO = re.compile(
    r"\b(?:not (?:for )?me|wasn['’]?t (?:for )?me|(?:it|this|that)(?: was|['’]s)|happened to"
    r"|niet (?:voor )?(?:ik|mij)|(?:ik|mij) niet|(?:het|dat|dit|t) was|tis|overkomen|gebeurd"
    r"|pas (?:pour |à )?moi|c['’](?:était|est)|arrivée? à)(?!\w)",
    re.I,
)
RELATIVE = re.compile(
    r"\b(?:my|our|mijn|m['’]n|onze?|mon|ma|notre) (?:son|daughter|husband|wife|partner|mother|father|mom|mum|dad|zoon|"
    r"dochter|man|vrouw|vriendin|moeder|vader|mama|papa|kind|child|kid|fils|fille|mari|femme|mère|père|enfant|"
    r"conjointe?)\b",
    re.I,
)
# What a date is the date of, by the word near it; anything else is the day it happened.
DATE_ROLES: dict[str, re.Pattern[str]] = {
    role: re.compile(rf"\b(?:{cues})\b", re.I)
    for role, cues in {
        "noticed": (
            "noticed|discovered|found out|realised|realized|spotted|became aware|"
            "gemerkt|merkte|merkten|ontdekt|ontdekte|opgemerkt|vastgesteld|gezien|doorgehad|"
            "remarqué|remarque|découvert|constaté|aperçue?|rendu compte|rendue compte"
        ),
        "ordered": (
            "ordered|bought|purchased|paid|pre-ordered|order of|"
            "besteld|bestelde|gekocht|kocht|betaald|betaalde|bestelling van|"
            "commandée?s?|achetée?s?|payée?s?|commande du"
        ),
        "arrived": (
            "arrived|delivered|received|got it|turned up|"
            "toegekomen|aangekomen|geleverd|ontvangen|kreeg|gekregen|"
            "arrivée?s?|livrée?s?|reçue?s?"
        ),
        "expected": (
            "should have|supposed to|was due|were due|promised|expected|"
            "moest|zou|beloofd|verwacht|voorzien|"
            "devait|devaient|aurait dû|prévue?|promise?"
        ),
    }.items()
}

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


def speaks_of_another(text: str) -> bool:
    """Tell whether a message about danger is about another person, and not about who writes it."""
    return bool(_ANOTHER.search(text)) and not _MYSELF.search(text)
