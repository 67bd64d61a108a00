from feed_entries import NOW, deliveries, histories
from hypothesis import given
from hypothesis import strategies as st

from acca.core.catalogue.deciding import Known, decide
from acca.core.catalogue.told import EntryVerdict

NOTHING = Known(NOW, {}, {})


def take(known, batch):
    """Take a batch, and return what is known then with the entries that were refused."""
    decision = decide(batch, known)
    standings = {**known.standings, **decision.standings}
    offers = {**known.offers}
    for key, book in decision.books.items():
        offers[key] = (book.sport, book.offer())
    pairs = zip(batch, decision.verdicts, strict=True)
    refused = [told for told, judged in pairs if judged.verdict is EntryVerdict.REFUSED]
    return Known(NOW, offers, standings), refused


def deliver(batches):
    """Deliver batches; what was refused is told again, as a provider has to."""
    known, left = NOTHING, []
    for batch in batches:
        known, refused = take(known, batch)
        left += refused
    while left:
        known, refused = take(known, left)
        assert len(refused) < len(left), refused
        left = refused
    return known


def catalogue(known):
    """Show what counts: how often a result was corrected on the way does not."""
    return (
        {key: each._replace(results=0) for key, each in known.standings.items()},
        {key: (sport.code, *map(list, offer)) for key, (sport, offer) in known.offers.items()},
        {key: (each.state, each.closed) for key, each in known.standings.items()},
    )


@given(st.data())
def test_shuffled_repeated_and_delayed_batches_end_like_the_ordered_ones(data):
    told = data.draw(histories())
    ordered = deliver([[each] for each in told])
    assert catalogue(ordered) == catalogue(deliver(data.draw(deliveries(told))))


@given(st.data())
def test_a_history_that_is_told_again_changes_nothing(data):
    told = data.draw(histories())
    before = deliver([told])
    decision = decide(data.draw(st.permutations(told)), before)
    assert ({}, {}, []) == (decision.standings, decision.books, decision.results)
    assert {judged.verdict for judged in decision.verdicts} <= {
        EntryVerdict.UNCHANGED,
        EntryVerdict.STALE,
    }
