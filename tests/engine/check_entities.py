"""The facts of a message: what is found, where, with which value, and what only looks like a fact."""

# This environment has no pytest.
# ruff: noqa: PT009

from __future__ import annotations

import tempfile
import time
import unittest
from itertools import pairwise
from pathlib import Path
from typing import Any, ClassVar

import yaml
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.engine.storage.resource import Resource
from rasa.shared.nlu.constants import ENTITIES, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from spacy.language import Language

from common.sensitive import STARS
from engine.nlu.entities import FactExtractor, blank, facts, teach

DATA = Path(__file__).parents[2] / "data" / "entities"
RESOURCE = Resource("facts")
CONTEXT: Any = None
# Entity and what of the text it is.
Places = list[tuple[str, str]]


def read(name: str) -> dict[str, Any]:
    values: dict[str, Any] = yaml.safe_load((DATA / f"{name}.yml").read_text("utf-8"))
    return values


class Facts(unittest.TestCase):
    nlp: ClassVar[Language]

    @classmethod
    def setUpClass(cls) -> None:
        cls.nlp = blank()
        teach(cls.nlp, read("names"), read("words"))

    def values(self, text: str, language: str | None = None) -> Places:
        """Entity and value of each fact."""
        return [(fact.entity, fact.value) for fact in facts(self.nlp, text, language)]

    def places(self, text: str) -> Places:
        """Entity and the words it stands on."""
        return [(fact.entity, text[fact.start : fact.end]) for fact in facts(self.nlp, text)]

    def check_values(self, entity: str, cases: dict[str, str]) -> None:
        """Each text holds that one fact with that value."""
        for text, value in cases.items():
            with self.subTest(text):
                self.assertEqual(self.values(text), [(entity, value)])

    def check_places(self, entity: str, cases: dict[str, str]) -> None:
        """Each text holds that one fact, on those words."""
        for text, words in cases.items():
            with self.subTest(text):
                self.assertEqual(self.places(text), [(entity, words)])

    def check_none(self, *texts: str) -> None:
        """The texts hold no fact at all."""
        for text in texts:
            with self.subTest(text):
                self.assertEqual(self.values(text), [])


class Amounts(Facts):
    def test_an_amount_is_read_however_it_is_written(self) -> None:
        self.check_values(
            "amount",
            {
                "€ 1.234,56": "1234.56",
                "€1.234,56": "1234.56",
                "1.234,56 €": "1234.56",
                "1.234,56€": "1234.56",
                "€1,234.56": "1234.56",
                "1,234.56 euro": "1234.56",
                "1 250,00 EUR": "1250.00",
                "1 250 euro": "1250.00",
                "12 345 678 euro": "12345678.00",
                "€ 1 234 567": "1234567.00",
                "1\u00a0234,56\u00a0€": "1234.56",
                "1\u202f250\u202f€": "1250.00",
                "1.000 euro": "1000.00",
                "1,000 euro": "1000.00",
                "1.000.000 euro": "1000000.00",
                "240€": "240.00",
                "240 €": "240.00",
                "€240": "240.00",
                "€ 240": "240.00",
                "EUR 240": "240.00",
                "EUR240": "240.00",
                "240 eur": "240.00",
                "240EUR": "240.00",
                "240 EURO": "240.00",
                "240 euros": "240.00",
                "240 euro's": "240.00",
                "0,99 €": "0.99",
                "99.9 euro": "99.90",
                "12,5 euro": "12.50",
                "1250.00EUR": "1250.00",
                "50€/maand": "50.00",
            },
        )

    def test_cents_may_come_after_the_euros(self) -> None:
        self.check_values(
            "amount",
            {
                "12 euro 50": "12.50",
                "12€50": "12.50",
                "12 € 50.": "12.50",
                "ik betaalde 12 euro 50 voor de verzending": "12.50",
                "1.234 euro 50": "1234.50",
                "1 234 euro 50": "1234.50",
            },
        )

    def test_a_dash_stands_for_no_cents(self) -> None:
        for text in ("€ 99,-", "€99,-", "99,- euro", "99,–€", "99,-- euro", "99.- euro"):
            self.assertEqual(self.values(text), [("amount", "99.00")], text)

    def test_thousands_may_be_a_word_or_a_letter(self) -> None:
        self.check_values(
            "amount",
            {
                "2k euro": "2000.00",
                "2K€": "2000.00",
                "€2k": "2000.00",
                "1,5k euro": "1500.00",
                "2 duizend euro": "2000.00",
                "3 mille euros": "3000.00",
                "5 thousand euro": "5000.00",
            },
        )

    def test_euros_have_many_names(self) -> None:
        self.check_values(
            "amount", {"50 balles": "50.00", "50 eurokes": "50.00", "50 eurootjes": "50.00", "50 euri": "50.00"}
        )

    def test_only_the_amount_is_marked(self) -> None:
        self.check_places(
            "amount",
            {
                "ik ben 250€, weg": "250€",
                "(250 €)": "250 €",
                "I lost 1 250,00 EUR.": "1 250,00 EUR",
                "ça m'a coûté 12 euro 50 en tout": "12 euro 50",
                "ongeveer +-100€ zeker": "100€",
                "±100 euro": "100 euro",
                "~100€": "100€",
                "100 euro,10 stuks": "100 euro",
            },
        )

    def test_a_number_after_an_amount_is_not_always_its_cents(self) -> None:
        for text, rest in {
            "240 euro 10 november": [("date", "10 november")],
            "240 euro 50 days ago": [("date", "50 days ago")],
            "240 euro 10 dagen later": [],
            "240 euro 17u30": [],
            "240 euro 10h30": [],
            "240 euro 10:30": [],
            "240,00 euro 20 stuks": [],
            "240 euro 2026": [],
        }.items():
            with self.subTest(text):
                self.assertEqual(self.values(text), [("amount", "240.00"), *rest])
        self.assertEqual(self.values("2k euro 50"), [("amount", "2000.00")])

    def test_a_month_without_a_day_leaves_the_amount_alone(self) -> None:
        for text in ("in mei 20 euro betaald", "en mai 20 euros", "in May 20 euro"):
            self.assertEqual(self.values(text), [("amount", "20.00")], text)

    def test_a_number_without_euros_is_no_amount(self) -> None:
        self.check_none(
            "240",
            "I paid 240",
            "honderd euro",
            "euro",
            "€",
            "€€€",
            "$100",
            "100 dollars",
            "100 USD",
            "2k followers",
            "10 000 volgers",
            "100%",
            "5 stars",
            "order 12345",
            "1000 Brussel",
            "-50 euro",
        )


class Dates(Facts):
    def test_days_in_figures(self) -> None:
        for text in ("3/11", "03/11/2026", "3-11-2026", "3.11.2026", "3/11/26", "03.11.26", "2026-11-03", "31/12"):
            for around in ("{}", "op {}.", "({})", "le {}, vers midi", "it was on {} I think"):
                whole = around.format(text)
                with self.subTest(whole):
                    self.assertEqual(self.places(whole), [("date", text)])
                    self.assertEqual(self.values(whole), [("date", text)])

    def test_days_of_a_month_in_words(self) -> None:
        self.check_places(
            "date",
            {
                "3 november": "3 november",
                "op 3 november 2026 om 10 uur": "3 november 2026",
                "the 3rd of November 2026": "3rd of November 2026",
                "November 3": "November 3",
                "November 3, 2026": "November 3, 2026",
                "Nov 3rd 2026": "Nov 3rd 2026",
                "22nd May": "22nd May",
                "May 1st": "May 1st",
                "3 nov. 2026": "3 nov. 2026",
                "22 déc. 2025": "22 déc. 2025",
                "op 3 nov. Toen belde ik": "3 nov",
                "le 1er mai": "1er mai",
                "1ER MAI 2026": "1ER MAI 2026",
                "le 3 novembre 2025": "3 novembre 2025",
                "12 févr": "12 févr",
                "31 août": "31 août",
                "31 aout": "31 aout",
                "2e september": "2e september",
                "21ste mei": "21ste mei",
                "de 3de van november": "3de van november",
                "3 mrt": "3 mrt",
            },
        )

    def test_days_counted_back_from_today(self) -> None:
        self.check_places(
            "date",
            {
                "3 weeks ago": "3 weeks ago",
                "about three weeks ago": "three weeks ago",
                "a week ago": "a week ago",
                "an hour ago": "an hour ago",
                "a couple of days ago": "couple of days ago",
                "a few days ago": "few days ago",
                "Two months ago": "Two months ago",
                "een week geleden": "een week geleden",
                "één week geleden": "één week geleden",
                "2 dagen geleden": "2 dagen geleden",
                "een paar dagen geleden": "paar dagen geleden",
                "3 weken terug": "3 weken terug",
                "twee daagskes gelejen": "twee daagskes gelejen",
                "il y a 3 semaines": "il y a 3 semaines",
                "IL Y A TROIS SEMAINES": "IL Y A TROIS SEMAINES",
                "il y a quelques jours": "il y a quelques jours",
                "y a 2 jours": "y a 2 jours",
                "il y a un an": "il y a un an",
            },
        )

    def test_days_and_weeks_by_name(self) -> None:
        self.check_places(
            "date",
            {
                "last Monday": "last Monday",
                "on monday": "monday",
                "vorige maandag": "vorige maandag",
                "afgelopen zaterdag": "afgelopen zaterdag",
                "lundi dernier": "lundi dernier",
                "ce lundi": "ce lundi",
                "last week": "last week",
                "vorige week": "vorige week",
                "verleden week": "verleden week",
                "vorig weekend": "vorig weekend",
                "la semaine dernière": "semaine dernière",
                "la semaine derniere": "semaine derniere",
                "la semaine passée": "semaine passée",
                "le week-end dernier": "week-end dernier",
                "Week-end dernier, vers midi": "Week-end dernier",
                "ce week-end": "ce week-end",
                "last month": "last month",
                "l'année dernière": "année dernière",
            },
        )

    def test_days_close_to_today(self) -> None:
        self.check_places(
            "date",
            {
                "today": "today",
                "Yesterday!": "Yesterday",
                "yesterday evening": "yesterday evening",
                "the day before yesterday": "the day before yesterday",
                "day before yesterday": "day before yesterday",
                "last night": "last night",
                "this morning": "this morning",
                "vandaag": "vandaag",
                "gisteren": "gisteren",
                "gisterenmiddag": "gisterenmiddag",
                "eergisteren": "eergisteren",
                "vannacht": "vannacht",
                "aujourd'hui": "aujourd'hui",
                "Aujourd’hui": "Aujourd’hui",
                "ajd": "ajd",
                "hier": "hier",
                "Hier soir": "Hier soir",
                "avant-hier": "avant-hier",
                "avant hier": "avant hier",
                "ce matin": "ce matin",
                "cet après-midi": "cet après-midi",
                "cette nuit": "cette nuit",
            },
        )

    def test_a_date_keeps_the_words_it_was_said_in_with_a_plain_apostrophe(self) -> None:
        self.check_values("date", {"Aujourd’hui": "Aujourd'hui", "Il y a 3 semaines": "Il y a 3 semaines"})

    def test_here_is_no_yesterday_in_dutch(self) -> None:
        self.assertEqual(self.values("hier is mijn nummer", "nl"), [])
        self.assertEqual(self.values("hier is mijn polis, gisteren betaald", "nl"), [("date", "gisteren")])
        for language in (None, "fr", "en"):
            self.assertEqual(self.values("c'était hier", language), [("date", "hier")])

    def test_days_to_come_and_every_day_are_no_dates(self) -> None:
        self.check_none(
            "next Monday",
            "every Monday",
            "volgende maandag",
            "komende week",
            "elke zondag",
            "lundi prochain",
            "la semaine prochaine",
            "chaque samedi",
            "in 2 days",
            "over 2 weken",
            "tomorrow",
            "demain",
        )

    def test_what_only_looks_like_a_date_is_none(self) -> None:
        self.check_none(
            "may I ask",
            "May I ask something",
            "mai",
            "dec",
            "sept",
            "march",
            "version 3.11",
            "versie 3.11.2",
            "3-11",
            "50/50",
            "31/13",
            "32/12",
            "they are open 24/7",
            "1/1/1/1",
            "192.168.1.1",
            "14:30",
            "10h30",
            "10 am",
            "3 jours",
            "2 dagen",
            "36 months",
            "J'ai 12 ans",
            "ik ben 35 jaar",
            "le passé",
            "last",
            "deze zaak",
            "iPhone 15",
            "2-3-4",
            "12/2026",
        )


class Names(Facts):
    def test_every_name_is_found_as_it_is_said_and_in_capitals(self) -> None:
        for entity, entries in read("names").items():
            for entry in entries:
                for said in entry["said"]:
                    for text in (said, said.upper(), said.title()):
                        with self.subTest(text):
                            self.assertEqual(self.values(f"I mean {text} there"), [(entity, entry["value"])])

    def test_a_name_that_is_also_a_word_needs_its_capitals(self) -> None:
        for entity, entries in read("names").items():
            for entry in entries:
                for said in entry.get("cased", []):
                    with self.subTest(said):
                        self.assertEqual(self.values(f"it is {said} indeed"), [(entity, entry["value"])])
                        self.assertEqual(self.values(f"it is {said.lower()} indeed"), [])

    def test_no_spelling_stands_for_two_names(self) -> None:
        said = [
            spelling.lower()
            for entries in read("names").values()
            for entry in entries
            for spelling in {word.lower() for word in (*entry["said"], *entry.get("cased", []))}
        ]
        self.assertEqual(len(said), len(set(said)), sorted(word for word in said if said.count(word) > 1))

    def test_words_that_are_names_elsewhere_stay_words(self) -> None:
        self.check_none(
            "I wish to file something",
            "what action should I take",
            "I am doing fine",
            "my booking was cancelled",
            "ik snap het niet",
            "tell me about you",
            "its me again",
            "a wise idea",
            "ups",
            "our teams are steam powered",
        )

    def test_names_are_found_beside_other_signs(self) -> None:
        for text, expected in {
            "d'Amazon": [("shop", "Amazon")],
            "l’Amazon": [("shop", "Amazon")],
            "Coolblue's": [("shop", "Coolblue")],
            "ING-app": [("bank", "ING")],
            "mijn KBC-rekening": [("bank", "KBC")],
            "(bol.com)": [("shop", "bol")],
            "bol.com.": [("shop", "bol")],
            "Bol.com/Coolblue": [("shop", "bol"), ("shop", "Coolblue")],
            "Zalando,Vinted": [("shop", "Zalando"), ("platform", "Vinted")],
            "Krefel": [("shop", "Krëfel")],
            "Vente-Privée": [("shop", "Veepee")],
            "2eme main": [("platform", "2dehands")],
        }.items():
            with self.subTest(text):
                self.assertEqual(self.values(text), expected)

    def test_the_longer_name_wins(self) -> None:
        for text, expected in {
            "bpost bank": ("bank", "bpost bank"),
            "bpost": ("platform", "bpost"),
            "facebook marketplace": ("platform", "Marketplace"),
            "zalando lounge": ("shop", "Lounge by Zalando"),
            "BNP Paribas Fortis": ("bank", "BNP Paribas Fortis"),
        }.items():
            self.assertEqual(self.values(text), [expected])


class UnknownShops(Facts):
    def test_a_shop_is_named_after_its_noun(self) -> None:
        self.check_values(
            "shop",
            {
                "a webshop called Mode Paris": "Mode Paris",
                "the company named BestDeals": "BestDeals",
                "een webshop genaamd SuperDeals": "SuperDeals",
                "winkel met de naam Mode Paris": "Mode Paris",
                "Webshop Trendy heeft niets geleverd": "Trendy",
                "une boutique appelée Mode Paris": "Mode Paris",
                "un site qui s'appelle Mode Paris": "Mode Paris",
                "un site qui s’appelle Mode Paris": "Mode Paris",
                "le site web Mode Paris": "Mode Paris",
                "la boutique Élégance": "Élégance",
            },
        )

    def test_a_shop_is_where_something_was_bought(self) -> None:
        self.check_values(
            "shop",
            {
                "besteld bij SuperDeals": "SuperDeals",
                "ik bestelde een jas bij SuperDeals": "SuperDeals",
                "ik heb gekocht bij De Sneakerstore": "De Sneakerstore",
                "commandé chez Mode Paris": "Mode Paris",
                "j'ai acheté une veste sur Vestimode": "Vestimode",
                "j'ai acheté une paire de chaussures chez Vestimode": "Vestimode",
                "I ordered shoes from Sneaker World": "Sneaker World",
                "I bought it on Vestimode": "Vestimode",
                "I bought 2 tickets from TicketWorld": "TicketWorld",
                "my order from BestDeals. They never sent it": "BestDeals",
            },
        )

    def test_a_name_may_have_a_sign_within(self) -> None:
        self.check_values(
            "shop",
            {
                "commandé chez Mode-Paris": "Mode-Paris",
                "commandé chez Marks & Spencer": "Marks & Spencer",
                "besteld bij C&A": "C&A",
                "gekocht bij O'Neill": "O'Neill",
            },
        )

    def test_an_address_stands_for_the_shop_in_one_way_of_writing(self) -> None:
        for text in (
            "superdeals.shop",
            "www.superdeals.shop",
            "WWW.Superdeals.Shop",
            "https://superdeals.shop/order?x=1",
            "http://www.superdeals.shop.",
            "besteld bij Superdeals.shop",
            "(superdeals.shop)",
        ):
            with self.subTest(text):
                self.assertEqual(self.values(text), [("shop", "superdeals.shop")])
        self.check_values("shop", {"www.example.zz": "example.zz", "mijn-winkel.nl": "mijn-winkel.nl"})

    def test_an_address_of_a_known_name_is_that_name(self) -> None:
        for text, expected in {
            "www.bol.com": ("shop", "bol"),
            "https://www.bol.com/nl/order": ("shop", "bol"),
            "coolblue.be": ("shop", "Coolblue"),
            "Amazon.fr": ("shop", "Amazon"),
            "amazon.co.uk": ("shop", "Amazon"),
            "nl.aliexpress.com": ("shop", "AliExpress"),
            "action.com": ("shop", "Action"),
            "facebook.com": ("platform", "Facebook"),
            "www.2dehands.be": ("platform", "2dehands"),
            "x.com": ("platform", "X"),
            "kbc.be": ("bank", "KBC"),
            "www.ing.be": ("bank", "ING"),
        }.items():
            with self.subTest(text):
                self.assertEqual(self.values(text), [expected])

    def test_an_address_that_only_holds_a_known_name_is_not_that_name(self) -> None:
        self.check_values("shop", {"kbc-veilig.com": "kbc-veilig.com", "https://kbc.be-login.com": "kbc.be-login.com"})

    def test_words_without_a_space_and_files_are_no_addresses(self) -> None:
        self.check_none("ok.bedankt", "bedankt.Ik heb", "hello.how are you", "factuur.pdf", "photo.jpg", "e.g.", "a.b")

    def test_a_day_or_a_place_of_no_shop_is_none(self) -> None:
        for text, expected in {
            "besteld op Maandag": [("date", "Maandag")],
            "I ordered on December 3": [("date", "December 3")],
            "I ordered from Mode Paris Monday": [("shop", "Mode Paris"), ("date", "Monday")],
            "besteld op Black Friday": [],
            "gekocht op Internet": [],
            "acheté sur Internet": [],
            "besteld bij superdeals": [],
            "The shop is closed": [],
            "The Shop I used": [],
            "I bought it at 3PM": [],
        }.items():
            with self.subTest(text):
                self.assertEqual(self.values(text), expected)

    def test_a_known_name_is_not_an_unknown_shop(self) -> None:
        for text, expected in {
            "I ordered shoes from Zalando": ("shop", "Zalando"),
            "besteld bij Krefel": ("shop", "Krëfel"),
            "the website Facebook": ("platform", "Facebook"),
            "gekocht via PayPal": ("bank", "PayPal"),
        }.items():
            self.assertEqual(self.values(text), [expected], text)


class Contact(Facts):
    def test_claims_and_policies_are_read_however_they_are_spaced(self) -> None:
        for text in (
            "CC-2026-ABC234",
            "cc 2026 abc234",
            "CC2026ABC234",
            "CC–2026–ABC234",
            "CC - 2026 - ABC234",
            "dossier CC-2026-ABC234.",
        ):
            with self.subTest(text):
                self.assertEqual(self.values(text), [("claim_reference", "CC-2026-ABC234")])
        for text in ("CYB-1001-0001", "cyb 1001 0001", "CYB10010001", "cyb.1001.0001", "polis CYB–1001–0001, dank u"):
            with self.subTest(text):
                self.assertEqual(self.values(text), [("policy_reference", "CYB-1001-0001")])

    def test_other_references_are_none_of_ours(self) -> None:
        self.check_none(
            "CC-2026-ABC2345",
            "CC-2026-ABCI34",
            "CC-2026",
            "CYB-1001-00012",
            "CYB-1001",
            "ACC-2026-ABC234",
            "order 0123",
        )

    def test_addresses_of_mail(self) -> None:
        self.check_values(
            "email",
            {
                "jan.peeters@example.be": "jan.peeters@example.be",
                "Jan.Peeters+cyber@Example.BE": "jan.peeters+cyber@example.be",
                "mail jan@example.be.": "jan@example.be",
                "<jan@example.be>": "jan@example.be",
                "jan_p@mail.example.co.uk": "jan_p@mail.example.co.uk",
                "jan@gmail.com": "jan@gmail.com",
                "info@superdeals.shop": "info@superdeals.shop",
            },
        )
        self.check_none("@jan", "jan@example")

    def test_belgian_telephone_numbers_get_their_country(self) -> None:
        for text in (
            "0470 12 34 56",
            "0470123456",
            "0470/12.34.56",
            "0470-12-34-56",
            "+32 470 12 34 56",
            "+32 (0)470 12 34 56",
            "0032470123456",
            "gsm: 0470 12 34 56.",
        ):
            with self.subTest(text):
                self.assertEqual(self.values(text), [("phone", "+32470123456")])
        self.check_values("phone", {"02 552 51 65": "+3225525165", "078 170 170": "+3278170170"})

    def test_telephone_numbers_of_other_countries(self) -> None:
        self.check_values(
            "phone",
            {
                "+33 6 12 34 56 78": "+33612345678",
                "+31 6 12345678": "+31612345678",
                "+44 20 7946 0958": "+442079460958",
                "0033 6 12 34 56 78": "+33612345678",
            },
        )

    def test_other_numbers_are_no_telephone(self) -> None:
        self.check_none("112", "1733", "order 0123456789", "0123", "ref 12 34 56", "3SABCD1234567")


class Sensitive(Facts):
    CASES: ClassVar[dict[str, tuple[str, str]]] = {
        "4111 1111 1111 1111": ("card_number", "4111 1111 1111 1111"),
        "kaart 4111111111111111.": ("card_number", "4111111111111111"),
        "6703 4444 4444 4444 1": ("card_number", "6703 4444 4444 4444 1"),
        "BE68 5390 0754 7034": ("iban", "BE68 5390 0754 7034"),
        "be68539007547034": ("iban", "be68539007547034"),
        "NL91ABNA0417164300": ("iban", "NL91ABNA0417164300"),
        "BE68 5390 0754 7034 BIC KREDBEBB": ("iban", "BE68 5390 0754 7034"),
        "85.07.30-033.28": ("national_number", "85.07.30-033.28"),
        "85073003328": ("national_number", "85073003328"),
        "85-07-30-033-28": ("national_number", "85-07-30-033-28"),
        "my pin is 4821": ("code", "4821"),
        "mon code pin c'est 4821": ("code", "4821"),
        "mon code pin c’est 4821": ("code", "4821"),
        "de code is 482913": ("code", "482913"),
        "cvc 123": ("code", "123"),
        "mijn wachtwoord is Zomer2024!": ("password", "Zomer2024!"),
        "mdp: azerty": ("password", "azerty"),
        "mon mot de passe c’est Soleil99": ("password", "Soleil99"),
        "password = hunter2": ("password", "hunter2"),
    }

    def test_what_must_be_masked_is_found_and_its_value_is_not_kept(self) -> None:
        for text, place in self.CASES.items():
            with self.subTest(text):
                self.assertEqual(self.places(text), [place])
                self.assertEqual(self.values(text), [(place[0], STARS)])
        self.assertEqual(STARS, "****")

    def test_it_wins_over_any_other_fact_in_its_place(self) -> None:
        for text in (
            "mot de passe: jan@example.be",
            "password: www.site.be",
            "wachtwoord = 3/11/2026",
            "wachtwoord: bol.com123",
            "my password is Amazon2024",
        ):
            with self.subTest(text):
                self.assertEqual(self.values(text), [("password", STARS)])

    def test_what_only_looks_like_it_is_left(self) -> None:
        self.check_none(
            "4111 1111 1111 1112",
            "BE68 5390 0754 7035",
            "85.07.30-033.29",
            "my password is gone",
            "mon mot de passe est volé",
            "promo code is 2024",
            "error code: 404",
            "my zip code is 1000",
            "pin on the map",
        )

    def test_a_long_row_of_figures_takes_no_time(self) -> None:
        began = time.perf_counter()
        for text in ("1 " * 1_000, "12.34." * 330, "4111 " * 400, "a-" * 1_000, "(0" * 1_000):
            facts(self.nlp, text)
        # Seconds each, when cards were looked for in every part of the row.
        self.assertLess(time.perf_counter() - began, 2.0)

    def test_cards_are_found_in_a_long_row_of_figures(self) -> None:
        text = "12 " * 100 + "4111 1111 1111 1111 " + "34 " * 100 + "5555 5555 5555 4444"
        self.assertEqual(self.values(text), [("card_number", STARS)] * 2)


class Stories(Facts):
    def test_several_facts_of_one_story_come_in_order(self) -> None:
        for text, expected in {
            "Ik heb vorige week 240 euro betaald aan bol.com via KBC en nooit iets gekregen": [
                ("date", "vorige week"),
                ("amount", "240.00"),
                ("shop", "bol"),
                ("bank", "KBC"),
            ],
            "On 3 November I paid €1,234.56 to a webshop called Mode Paris with my card 4111 1111 1111 1111, "
            "call me on 0470 12 34 56 or jan@example.be": [
                ("date", "3 November"),
                ("amount", "1234.56"),
                ("shop", "Mode Paris"),
                ("card_number", STARS),
                ("phone", "+32470123456"),
                ("email", "jan@example.be"),
            ],
            "Il y a 3 semaines j'ai payé 250€ sur Vinted depuis mon compte BE68 5390 0754 7034, "
            "dossier CC-2026-ABC234, police CYB-1001-0001": [
                ("date", "Il y a 3 semaines"),
                ("amount", "250.00"),
                ("platform", "Vinted"),
                ("iban", STARS),
                ("claim_reference", "CC-2026-ABC234"),
                ("policy_reference", "CYB-1001-0001"),
            ],
            "Hier soir quelqu'un a piraté mon compte Facebook et mon Instagram": [
                ("date", "Hier soir"),
                ("platform", "Facebook"),
                ("platform", "Instagram"),
            ],
            "240 euro, 3/11/2026, bol.com": [("amount", "240.00"), ("date", "3/11/2026"), ("shop", "bol")],
            "12/05/2026 0470 12 34 56": [("date", "12/05/2026"), ("phone", "+32470123456")],
            "eerst 250 euro, dan nog eens 30 euro": [("amount", "250.00"), ("amount", "30.00")],
            "besteld bij Superdeals.shop, www.bol.com en info@bol.com": [
                ("shop", "superdeals.shop"),
                ("shop", "bol"),
                ("email", "info@bol.com"),
            ],
        }.items():
            with self.subTest(text):
                self.assertEqual(self.values(text), expected)

    def test_facts_never_overlap(self) -> None:
        mixed = ("www.bol.com 240 euro 50 op 3 nov. 2026", "gekocht bij Mode-Paris.be op 3/11 0470 12 34 56")
        texts = [*Sensitive.CASES, *mixed]
        whole = " ".join(texts)
        found = facts(self.nlp, whole)
        self.assertGreater(len(found), len(texts) // 2)
        for one, other in pairwise(found):
            self.assertLessEqual(one.end, other.start)
        for fact in found:
            self.assertLess(fact.start, fact.end)

    def test_ordinary_talk_holds_no_facts(self) -> None:
        self.check_none(
            "",
            " ",
            "🦆",
            "je vais bien",
            "order 12345",
            "goeiemorgen, ik heb een vraag",
            "Kan ik bij jullie terecht voor cyberpesten?",
            "Bonjour, comment ça va ?",
            "I don't know what to do",
            "Can you help me? It is urgent!",
            "ik wil iemand spreken",
            "他们偷了我的钱",
        )


class Words(unittest.TestCase):
    def test_no_word_is_read_as_true_or_false(self) -> None:
        for name, entries in read("words").items():
            for entry in entries:
                for word in entry if isinstance(entry, list) else [entry]:
                    self.assertNotIsInstance(word, bool, f"{name}: quote {word}")

    def test_every_name_has_a_value_and_a_spelling(self) -> None:
        for entries in read("names").values():
            for entry in entries:
                self.assertLessEqual(set(entry), {"value", "said", "cased"})
                self.assertTrue(entry["value"] and [*entry["said"], *entry.get("cased", [])], entry)

    def test_no_value_stands_twice(self) -> None:
        for entity, entries in read("names").items():
            values = [entry["value"] for entry in entries]
            self.assertEqual(len(values), len(set(values)), entity)


class Extractor(unittest.TestCase):
    CONFIG: ClassVar[dict[str, Any]] = {**FactExtractor.get_default_config(), "data": str(DATA)}

    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.storage = LocalModelStorage(Path(folder.name))
        FactExtractor.create(self.CONFIG, self.storage, RESOURCE, CONTEXT).train(TrainingData())
        # Where the names came from is not needed any more.
        elsewhere = {**self.CONFIG, "data": "no/such/folder"}
        self.extractor = FactExtractor.load(elsewhere, self.storage, RESOURCE, CONTEXT)

    def entities(self, text: str | None, *known: dict[str, Any]) -> list[dict[str, Any]]:
        message = Message({TEXT: text, ENTITIES: list(known)} if known else {TEXT: text})
        self.assertEqual(self.extractor.process([message]), [message])
        output: list[dict[str, Any]] = message.as_dict(only_output_properties=True)[ENTITIES]
        return output

    def test_it_finds_the_same_after_saving_and_loading(self) -> None:
        nlp = blank()
        teach(nlp, read("names"), read("words"))
        for text in (
            "le week-end dernier j'ai commandé pour 99,-€ chez Zalando et KBC",
            "EUR240 bij De ING, www.bol.com, d’Amazon, 3de november",
            "12 euro 50 op 3 nov. 2026 via krefel en Krëfel",
        ):
            found = [(e["entity"], e["value"], e["start"], e["end"]) for e in self.entities(text)]
            self.assertEqual(found, [(f.entity, f.value, f.start, f.end) for f in facts(nlp, text)])
            self.assertGreaterEqual(len(found), 3)

    def test_an_entity_says_what_stands_where(self) -> None:
        text = "ik betaalde 240€"
        self.assertEqual(
            self.entities(text),
            [{"entity": "amount", "value": "240.00", "start": 12, "end": 16, "extractor": "FactExtractor"}],
        )

    def test_entities_that_are_there_already_are_kept(self) -> None:
        known = {"entity": "language", "value": "nl", "start": 0, "end": 0}
        self.assertEqual(self.entities("niets", known), [known])
        found = self.entities("ik betaalde 240€", known)
        self.assertEqual(found[0], known)
        self.assertEqual([entity["entity"] for entity in found], ["language", "amount"])

    def test_the_language_that_was_recognised_is_minded(self) -> None:
        for name in ("language", "language_hint"):
            found = self.entities("hier is mijn nummer", {"entity": name, "value": "nl"})
            self.assertEqual([entity["entity"] for entity in found], [name])
            found = self.entities("c'était hier", {"entity": name, "value": "fr"})
            self.assertEqual([entity["entity"] for entity in found], [name, "date"])

    def test_several_messages_go_at_once(self) -> None:
        messages = [Message({TEXT: text}) for text in ("240€", "niets", "bol.com")]
        self.extractor.process(messages)
        found = [[entity["value"] for entity in message.get(ENTITIES)] for message in messages]
        self.assertEqual(found, [["240.00"], [], ["bol"]])

    def test_a_message_without_text_has_no_facts(self) -> None:
        self.assertEqual(self.entities(None), [])

    def test_the_end_of_a_very_long_message_is_not_read(self) -> None:
        found = self.entities("ik betaalde 240€ " + "en toen " * 100_000 + " 30€")
        self.assertEqual([entity["value"] for entity in found], ["240.00"])


if __name__ == "__main__":
    unittest.main()
