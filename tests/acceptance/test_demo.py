from acceptance.commands import run


def test_the_demo_shows_a_tickets_money_and_leaves_nothing_behind(place):
    done = run("demo", TMPDIR=str(place), DATABASE_URL="postgresql://nowhere/")
    assert ("", 0) == (done.stderr, done.returncode)
    shown = "".join(done.stdout.split())
    assert "1day,0:00:00ahead(sandbox)" in shown
    for amount in ("96.37", "36.48", "Ticketwon"):
        assert amount in shown
    assert [] == list(place.iterdir())


def test_the_demo_says_what_is_wrong_with_an_argument():
    done = run("demo", "--price", "0")
    assert 2 == done.returncode
    assert "--price" in done.stderr
