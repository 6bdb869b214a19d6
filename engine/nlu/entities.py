"""Facts in a message: amounts, dates, shops, platforms, banks, references, contact data, and what must be masked.

A spaCy pipeline of our own, built from data/entities while the model is trained and kept in it: no model is
downloaded. It says what stands where; what a date means depends on today, so the action server works that out.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any, cast

import phonenumbers
import spacy
import yaml
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.extractors.extractor import EntityExtractorMixin
from rasa.shared.nlu.constants import ENTITIES, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from spacy.language import Language
from spacy.tokens import Span
from spacy.util import compile_infix_regex, compile_prefix_regex, compile_suffix_regex

from common import sensitive
from engine.nlu.language import ENTITY, HINT

MAX_CHARACTERS = 2_000
# "99,-" is 99.
_NUMBER = r"^(?:\d{1,3}(?:[.,]\d{3})+|\d+)(?:[.,](?:\d{1,2}|--?))?$"
_DAY = r"^(?:0?[1-9]|[12]\d|3[01])$"
_THOUSANDS = {"k", "mille", "duizend", "thousand"}
_CLAIM = re.compile(r"\bCC[\s.–—-]*(\d{4})[\s.–—-]*([A-HJ-NP-Z2-9]{6})\b", re.I)
_POLICY = re.compile(r"\bCYB[\s.–—-]*(\d{4})[\s.–—-]*(\d{4})\b", re.I)
_EMAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_NUMERIC_DATE = re.compile(
    r"(?<![\w.,/-])(?:\d{1,2}([/.-])\d{1,2}\1(?:\d{4}|\d{2})|\d{4}-\d{2}-\d{2}"
    # Open 24/7 is no day in July.
    r"|(?!24/7)(?:0?[1-9]|[12]\d|3[01])/(?:0?[1-9]|1[0-2]))(?![\w/]|[.,-]\d)"
)
# Without www only what ends like an address: "ok.thanks" and "invoice.pdf" are none.
_ENDINGS = (
    "be|nl|fr|eu|lu|uk|com|net|org|info|biz|shop|store|online|site|app|io|xyz|top|vip|club|sale|boutique|brussels"
)
_HOST = r"(?:[a-z0-9][a-z0-9-]*\.)+"
_DOMAIN = re.compile(
    rf"(?<![\w@.-])(?:(?:https?://(?:www\.)?|www\.)({_HOST}[a-z]{{2,}})|({_HOST}(?:{_ENDINGS})))(?![\w@-])", re.I
)
_PHONE_BEGINS = re.compile(r"(?<![\w.,-])(?:\+|0)\d")
# What phones write for an apostrophe, a space and a hyphen.
_PLAIN = str.maketrans("’\u00a0\u202f–", "'  -")
# A capitalised word, and what may stand between two of them.
_NAME = r"^(?!I$)[A-ZÀ-Ý][\w&-]*$"
_JOINTS = ["-", "&", "'"]
# "12 euro" may have cents after it.
_WHOLE = re.compile(r"\d+(?:[ .,]\d{3})*\s*(?:€|eur\w*)", re.I)
# Matched so that nothing in it is taken for a fact: how long something took, a day to come.
_NO_FACT = "none"
# Dates that are something else in another language: "hier" is "here" in Dutch.
_FALSE_FRIENDS = {("nl", "hier")}


@dataclass(frozen=True)
class Found:
    """A fact in a text: its entity, its place, and its value in one way of writing (dates: as they were said)."""

    entity: str
    start: int
    end: int
    value: str


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=True)
class FactExtractor(GraphComponent, EntityExtractorMixin):
    """Adds the facts of a message as entities."""

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """`data`: the folder with names and words."""
        return {"data": "data/entities"}

    def __init__(self, config: dict[str, Any], model_storage: ModelStorage, resource: Resource) -> None:
        self._config, self._storage, self._resource = config, model_storage, resource
        self._nlp = blank()

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> FactExtractor:
        """Make an extractor that knows no names yet."""
        return cls(config, model_storage, resource)

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> FactExtractor:
        """Load the pipeline."""
        extractor = cls(config, model_storage, resource)
        with model_storage.read_from(resource) as folder:
            extractor._nlp.from_disk(folder / "spacy")
        return extractor

    def train(self, training_data: TrainingData) -> Resource:
        """Build the pipeline from the names and words."""
        folder = Path(self._config["data"])
        names, words = (yaml.safe_load((folder / f"{n}.yml").read_text("utf-8")) for n in ("names", "words"))
        teach(self._nlp, names, words)
        with self._storage.write_to(self._resource) as kept:
            self._nlp.to_disk(kept / "spacy")
        return self._resource

    def process(self, messages: list[Message]) -> list[Message]:
        """Add the entities to each message."""
        for message in messages:
            known = message.get(ENTITIES, [])
            language = next((entity["value"] for entity in known if entity["entity"] in (ENTITY, HINT)), None)
            entities = [
                {"entity": f.entity, "value": f.value, "start": f.start, "end": f.end, "extractor": type(self).__name__}
                for f in facts(self._nlp, str(message.get(TEXT) or "")[:MAX_CHARACTERS], language)
            ]
            message.set(ENTITIES, [*known, *entities], add_to_output=True)
        return messages


def blank() -> Language:
    """An empty pipeline whose tokenizer parts "50€", "d'Amazon" and "3de"."""
    nlp = spacy.blank("xx")
    defaults, tokenizer = nlp.Defaults, cast(Any, nlp.tokenizer)
    apart = [
        r"(?<=[^\W\d_])['’](?=\w)",
        r"(?<=\d)(?=[€a-zA-Z])",
        r"(?<=€)(?=[\d/])",
        r"(?<=\w)[,;:](?=[^\W\d_])",
        r"(?<=[^\W\d_])[,;](?=\d)",
    ]
    before = [r"\+/?-", *(defaults.prefixes or []), r"€", r"[~±]", r"(?:EUR|eur)(?=\d)"]
    tokenizer.infix_finditer = compile_infix_regex([*(defaults.infixes or []), *apart]).finditer
    tokenizer.prefix_search = compile_prefix_regex(before).search
    tokenizer.suffix_search = compile_suffix_regex([*(defaults.suffixes or []), r"€"]).search
    tokenizer.url_match = None
    for whole in ("week-end", "Week-end"):
        tokenizer.add_special_case(whole, [{"ORTH": whole}])
    # What an earlier one found stays.
    nlp.add_pipe("entity_ruler", name="names", config={"phrase_matcher_attr": "LOWER"})
    nlp.add_pipe("entity_ruler", name="cased")
    for name in ("amounts", "dates", "shops"):
        nlp.add_pipe("entity_ruler", name=name)
    return nlp


def teach(nlp: Language, names: dict[str, Any], words: dict[str, Any]) -> None:
    """Give the pipeline its patterns.

    Args:
        names: Entity -> entries with `value`, `said`, `cased` (data/entities/names.yml).
        words: Lists of words by what they are (data/entities/words.yml).
    """
    known, cased = [], []
    for entity, entries in names.items():
        for entry in entries:
            known += [{"label": entity, "pattern": said, "id": entry["value"]} for said in _spellings(entry["said"])]
            for said in entry.get("cased", []):
                cased.append({"label": entity, "pattern": said, "id": entry["value"]})
    lists = {name: {"LOWER": {"IN": _spellings(entries)}} for name, entries in words.items() if name != "numbers"}
    patterns = {
        "names": known,
        "cased": cased,
        "amounts": [{"label": "amount", "pattern": pattern} for pattern in _amounts(lists)],
        "dates": list(_dates(nlp, words, lists)),
        "shops": [{"label": "shop", "pattern": pattern, "id": "unknown"} for pattern in _shops(lists)],
    }
    for pipe, its_own in patterns.items():
        cast(Any, nlp.get_pipe(pipe)).add_patterns(its_own)


def _amounts(lists: dict[str, Any]) -> Iterator[list[dict[str, Any]]]:
    number, currency = {"TEXT": {"REGEX": _NUMBER}}, lists["currency"]
    first, group = {"TEXT": {"REGEX": r"^\d{1,3}$"}}, {"TEXT": {"REGEX": r"^\d{3}(?:[.,]\d{1,2})?$"}}
    thousand = {"LOWER": {"IN": sorted(_THOUSANDS)}, "OP": "?"}
    yield from (
        [number, thousand, currency],
        [currency, number, thousand],
        [first, group, {**group, "OP": "?"}, currency],
        [currency, first, group, {**group, "OP": "?"}],
    )


def _dates(nlp: Language, words: dict[str, Any], lists: dict[str, Any]) -> Iterator[dict[str, Any]]:
    counted = _spellings([word for row in words["numbers"] for word in row])
    count = {"LOWER": {"REGEX": rf"^(?:\d{{1,3}}|{'|'.join(counted)})$"}}
    day, year = {"TEXT": {"REGEX": _DAY}}, {"TEXT": {"REGEX": r"^(?:19|20)\d\d$"}}
    month, nth = lists["months"], {**lists["ordinals"], "OP": "?"}
    of = {"LOWER": {"IN": ["of", "van", "de", "du"]}, "OP": "?"}
    the = {"LOWER": {"IN": ["the"]}, "OP": "?"}
    unit, weekday, period = lists["units"], lists["weekdays"], lists["periods"]
    found = {
        "date": [
            [day, nth, of, month, {**year, "OP": "?"}],
            [day, nth, of, month, {"TEXT": "."}, year],
            [month, the, day, nth, {"TEXT": ",", "OP": "?"}, {**year, "OP": "?"}],
            [count, of, unit, lists["ago"]],
            [{"LOWER": "il", "OP": "?"}, {"LOWER": "y"}, {"LOWER": "a"}, count, unit],
            [{**lists["last"], "OP": "?"}, weekday, {**lists["dernier"], "OP": "?"}],
            [lists["last"], period],
            [period, lists["dernier"]],
            *_phrases(nlp, words["days"]),
        ],
        _NO_FACT: [
            [count, of, unit],
            *([lists["next"], when] for when in (weekday, period)),
            *([when, lists["prochain"]] for when in (weekday, period)),
            *_phrases(nlp, words["no_shops"]),
        ],
    }
    yield from ({"label": label, "pattern": pattern} for label, patterns in found.items() for pattern in patterns)


def _phrases(nlp: Language, said: list[str]) -> Iterator[list[dict[str, Any]]]:
    yield from ([{"LOWER": token.lower_} for token in nlp.make_doc(phrase)] for phrase in _spellings(said))


def _shops(lists: dict[str, Any]) -> Iterator[list[dict[str, Any]]]:
    name = {"TEXT": {"REGEX": _NAME}}
    named = ([{**name, "OP": "{1,3}"}], [{**name, "OP": "{1,2}"}, {"TEXT": {"IN": _JOINTS}}, {**name, "OP": "{1,2}"}])
    bought = {"TEXT": {"REGEX": r"^(?:[a-zà-ÿ]+|\d{1,3})$"}, "OP": "{0,4}"}
    for its_name in named:
        yield [lists["shop_nouns"], {**lists["shop_named"], "OP": "{0,4}"}, *its_name]
        yield [lists["bought"], bought, lists["from"], *its_name]


def facts(nlp: Language, text: str, language: str | None = None) -> list[Found]:
    """All facts of a text, in order. What must be masked wins over anything else in its place."""
    found: list[Found] = []
    exact = list(_exact(text))
    for fact in (*exact, *_phones(text, exact), *_domains(nlp, text), *_spans(nlp, text.translate(_PLAIN))):
        free = all(fact.end <= other.start or fact.start >= other.end for other in found)
        if free and (language, fact.value.lower()) not in _FALSE_FRIENDS:
            found.append(fact)
    return sorted(found, key=lambda fact: fact.start)


def _exact(text: str) -> Iterator[Found]:
    """What a pattern finds for certain. What must be masked has no value: it is not to be kept."""
    for finding in sensitive.find(text):
        yield Found(finding.kind, finding.start, finding.end, sensitive.STARS)
    for match in _CLAIM.finditer(text):
        yield Found("claim_reference", match.start(), match.end(), f"CC-{match[1]}-{match[2].upper()}")
    for match in _POLICY.finditer(text):
        yield Found("policy_reference", match.start(), match.end(), f"CYB-{match[1]}-{match[2]}")
    for match in _EMAIL.finditer(text):
        yield Found("email", match.start(), match.end(), match.group().lower())
    for match in _NUMERIC_DATE.finditer(text):
        yield Found("date", match.start(), match.end(), match.group())


def _phones(text: str, taken: list[Found]) -> Iterator[Found]:
    # A number right after a date would be read as one with it.
    for fact in taken:
        text = text[: fact.start] + "\n" * (fact.end - fact.start) + text[fact.end :]
    if not _PHONE_BEGINS.search(text):
        return
    for match in phonenumbers.PhoneNumberMatcher(text, "BE"):
        number = phonenumbers.format_number(match.number, phonenumbers.PhoneNumberFormat.E164)
        yield Found("phone", match.start, match.end, number)


def _domains(nlp: Language, text: str) -> Iterator[Found]:
    """The address of a website stands for a name we know, or for a shop we do not know."""
    for match in _DOMAIN.finditer(text):
        host = (match[1] or match[2]).lower()
        entity, value = _known(nlp, host) or ("shop", host)
        yield Found(entity, match.start(), match.end(), value)


def _known(nlp: Language, host: str) -> tuple[str, str] | None:
    """The entity and value of a name that is an address, or stands before its ending."""
    name = re.sub(r"(?:\.com?)?\.[a-z]+$", "", host).rpartition(".")[2]
    for said in (host, name, name.title(), name.upper()):
        doc = nlp(said)
        if doc.ents and len(doc.ents[0]) == len(doc) and doc.ents[0].id_:
            return doc.ents[0].label_, doc.ents[0].id_
    return None


def _spans(nlp: Language, text: str) -> Iterator[Found]:
    for span in nlp(text).ents:
        if span.label_ == "amount":
            whole = _with_cents(span)
            yield Found("amount", whole.start_char, whole.end_char, _amount(whole.text))
        elif span.label_ == "date":
            yield Found("date", span.start_char, span.end_char, span.text)
        elif span.id_ == "unknown":
            named = _name_in(span)
            yield Found("shop", named.start_char, named.end_char, named.text)
        elif span.label_ != _NO_FACT:
            yield Found(span.label_, span.start_char, span.end_char, span.id_)


def _with_cents(span: Span) -> Span:
    """With the cents of "12 euro 50"; not of "12 euro 10 november", and "12 euro 17u30" has none."""
    after = span.doc[span.end : span.end + 2]
    if not _WHOLE.fullmatch(span.text) or not len(after) or after[0].ent_type_:
        return span
    apart = after[0].whitespace_ or len(after) == 1 or after[1].is_punct
    return span.doc[span.start : span.end + 1] if apart and re.fullmatch(r"\d\d", after[0].text) else span


def _name_in(span: Span) -> Span:
    """The name at the end of "a webshop called Mode Paris"."""
    start = span.end - 1
    while True:
        before = start - (2 if span.doc[start - 1].text in _JOINTS else 1)
        # What begins the span is the noun or the verb.
        if before <= span.start or not re.search(_NAME, span.doc[before].text):
            return span.doc[start : span.end]
        start = before


def _amount(said: str) -> str:
    """`1.234,56 €` -> `1234.56`; a point or comma before one or two last digits parts the cents."""
    thousand = any(word in _THOUSANDS for word in re.findall(r"[a-z]+", said.lower()))
    cents = re.fullmatch(r"\D*(\d[\d\s.,]*?)\s*(?:€|eur\w*)\s*(\d\d)", said, re.I)
    digits = f"{cents[1]},{cents[2]}" if cents else re.sub(r"[^\d.,]", "", said).strip(".,")
    whole, _, part = re.sub(r"[.,](\d{1,2})$", r"|\1", digits).partition("|")
    value = Decimal(f"{re.sub(r'[^0-9]', '', whole) or 0}.{part or 0}") * (1000 if thousand else 1)
    return f"{value:.2f}"


def _spellings(entries: list[Any]) -> list[str]:
    """Lower case, with and without accents."""
    said = [str(entry).lower() for entry in entries]
    plain = ["".join(c for c in unicodedata.normalize("NFKD", s) if not unicodedata.combining(c)) for s in said]
    return sorted({*said, *plain})
