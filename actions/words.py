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
VAGUE_DAYS = re.compile(rf"{VAGUE.pattern} (?:of )?(?:days|weeks|months|dagen|weken|maanden|jours|semaines|mois)\b")
# Nor is "last week", "begin vorige maand", "fin du mois passé": a day has to be named besides.
PERIOD = re.compile(
    r"\b(?:(?:(?:the )?(?:beginning|start|middle|end) of |early |late )?(?:the )?"
    r"(?:last|past|previous|this) (?:week(?:end)?|month|year)"
    r"|(?:(?:het )?(?:begin|midden|half|eind|einde) (?:van )?)?(?:de |het )?"
    r"(?:vorige?|verleden|voorbije|afgelopen|deze|dit) (?:week|weekend|maand|jaar)"
    r"|(?:(?:au |le )?(?:début|milieu|fin) )?(?:de |du )?(?:la |le |l['’])?"
    r"(?:semaine|week-?end|mois|année|an) (?:passée?|dernière|dernier|précédente?)"
    r"|cette (?:semaine|année)|ce (?:mois(?:-ci)?|week-?end))\b"
)
WEEK = re.compile(r"\b(?:week|weekend|semaine|week-end)\b")
LAST_WEEK = re.compile(r"\b(?:last|previous|vorige|verleden) week\b|\bsemaine (?:passée|dernière|précédente)\b")
MONTH = re.compile(
    r"\b(?:jan(?:uary|uari|vier)|feb(?:ruary|ruari)|février|march|maart|mars|apri?l|avril|mei|june|juni|juin"
    r"|july|juli|juillet|august(?:us)?|août|sept(?:ember|embre)|o[ck]tob(?:er|re)|nov(?:ember|embre)|d[eé]cemb(?:er|re))\b"
    r"|\b(?:in|en) ma[iy]\b"
)
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
# At the question for the code: it did not come, or not where they can read it.
NOT_THERE = NEGATIONS | _set(
    "can cannot still yet where old closed spam niks nie ni nog waar oud oude toujours encore ou vieille ancienne"
)
CODE_CAME = _set(
    "code codes mail mails email mailtje inbox mailbox address receive received receiving get got getting came come "
    "arrived arriving there adres krijg krijgen kreeg gekregen ontvang ontvangen binnen gekomen aangekomen toegekomen "
    "adresse boite recu recue recois recevoir arrive arrivee venu find see vind vinden zie trouve trouver vois"
)
# ... and they want another one.
SEND_AGAIN = re.compile(
    r"\b(?:re-?send|send (?:\w+ ){0,4}(?:again|new|another)|(?:new|another) (?:code|one)"
    r"|(?:opnieuw|nog eens|nog een keer|terug) (?:\w+ ){0,2}(?:door)?(?:sturen|stuurt|zenden)"
    r"|(?:stuur|zend|stuurt) (?:\w+ ){0,4}(?:opnieuw|nog eens|nog een|nieuwe)|nieuwe code"
    r"|renvo\w+|envo\w+ (?:\w+ ){0,4}(?:nouveau|encore|autre)|(?:nouveau|autre) code)\b",
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
