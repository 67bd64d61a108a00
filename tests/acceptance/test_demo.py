from acceptance.commands import run


def test_the_demo_shows_tickets_that_survive_faults_and_leaves_nothing_behind(place):
    done = run("demo", "--tickets", "60", TMPDIR=str(place), DATABASE_URL="postgresql://nowhere/")
    assert ("", 0) == (done.stderr, done.returncode)
    shown = " ".join(done.stdout.split())
    assert "audit │ 0 violations" in shown
    assert "ticket_discard" in shown
    assert [] == list(place.iterdir())


def test_the_demo_says_what_is_wrong_with_an_argument():
    done = run("demo", "--tickets", "0")
    assert 2 == done.returncode
    assert "--tickets" in done.stderr
