"""Search that forgives accents and typing errors: what is searched is kept beside each row.

`hay` holds the words in small letters without accents, for trigrams; `tsv` their stems. Both are written by
the functions of migration 0003.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Self

from django.contrib.postgres.search import SearchQuery, SearchVectorField, TrigramWordSimilarity
from django.db import connection, models, transaction
from django.db.models import Func, GeneratedField, Q, TextField, Value
from django.db.models.expressions import Combinable

from members.texts import folded

CONFIG = "french_unaccent"
MOST_WORDS = 6
SHORT_WORDS = frozenset((
    "a", "au", "aux", "avec", "d", "dans", "de", "des", "du", "en", "et", "il", "je", "l", "la", "le", "les",
    "ou", "par", "pour", "qui", "sa", "ses", "son", "sur", "un", "une", "and", "for", "in", "of", "the",
))  # fmt: skip
"""Too common to ask for."""


def hay_of(*parts: Any) -> GeneratedField:
    """What a row is searched in, letter by letter."""
    said = Func(*parts, function="app_hay", output_field=TextField())
    return GeneratedField(expression=said, output_field=TextField(), db_persist=True)


def tsv_of(*parts: Any) -> GeneratedField:
    """What a row is searched in, by stems."""
    said = Func(*parts, function="app_tsv", output_field=SearchVectorField())
    return GeneratedField(expression=said, output_field=SearchVectorField(), db_persist=True)


def words_of(text: str) -> list[str]:
    """The words that are searched for, as `hay` writes them."""
    plain = "".join(letter if letter.isalnum() else " " for letter in folded(text[:120]))
    every = list(dict.fromkeys(plain.split()))
    return [word for word in every if word not in SHORT_WORDS][:MOST_WORDS] or every[:MOST_WORDS]


@contextmanager
def forgiving() -> Iterator[None]:
    """Within this, half of a word's trigrams are enough: said for the transaction, as PgBouncer needs it.

    PostgreSQL takes comparing trigrams to be as cheap as comparing numbers, and reads the whole table, or the
    whole of another index, rather than the index of trigrams: only scans by bitmap are left to it here.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL pg_trgm.word_similarity_threshold = 0.5")
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute("SET LOCAL enable_indexscan = off")
        yield


class SearchedQuerySet(models.QuerySet[Any]):
    """Rows with `hay` and `tsv`."""

    def searched(self, words: Sequence[str], *, then: Sequence[str]) -> Self:
        """Those that have each word or one like it, the nearest first, then in an order; see `forgiving`."""
        found, score = self, Value(0.0, output_field=models.FloatField())
        near: Combinable = score
        for word in words:
            stem = Q(tsv=SearchQuery(word, config=CONFIG))
            found = found.filter(Q(hay__trigram_word_similar=word) | stem)
            near = near + TrigramWordSimilarity(word, "hay")
        return found.annotate(nearness=near).order_by("-nearness", *then) if words else found.order_by(*then)
