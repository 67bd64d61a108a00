import pytest
from core.test_reconciling import CREATE, WIN, S, listed, placed

from acca.core.reconciling import compare
from acca.wire.differences import COLUMNS, render_repair, render_row

ID = listed(S.OPEN).id.hex()


@pytest.mark.parametrize(
    ("theirs", "waits_from", "repair"),
    [
        (listed(S.VOID, 1000, 1000), None, "book it as won; credit 400 cents"),
        (listed(S.WON, 1000, 3400, code="ABCDE0"), None, "take back 2,000 cents; correct code to"),
        (listed(S.OPEN), None, f"send again {ID}-3 ticket_win: acca deliveries replay site {ID} -"),
        (listed(S.OPEN), 3, f"deliver {ID}-3 ticket_win: acca deliveries replay site {ID}"),
    ],
)
def test_a_repair_is_written_step_by_step(theirs, waits_from, repair):
    found = compare(placed(CREATE, WIN, waits_from=waits_from), theirs)
    assert render_repair("site", found).startswith(repair)


def test_a_row_has_every_column_and_nothing_of_a_side_that_is_not_there():
    unknown = render_row("site", compare(None, listed(S.OPEN)))
    missing = render_row("site", compare(placed(CREATE), None))
    assert list(COLUMNS) == list(unknown) == list(missing)
    assert [None] * 3 == [unknown[name] for name in COLUMNS[8:11]]
    assert [None] * 4 == [missing[name] for name in ("line", *COLUMNS[5:8])]
