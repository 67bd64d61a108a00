"""Why no database can be used, each with a sentence for the person who runs Acca.

    DatabaseUnusable
    ├── DatabaseInUse              another engine owns the home
    ├── DatabaseDidNotStart        the embedded server gave up; its last words are in the sentence
    ├── DatabaseOfAnotherVersion   the data directory was made by another PostgreSQL
    ├── HomeUnusable               the home cannot be made, entered or written
    ├── NoServerAccount            root, and no user under which the server may run
    ├── NoServerBinaries           the wheel with the server is missing or does not run here
    ├── ServerOutOfReach           no connection: address, user, password or database are wrong
    ├── ServerTooOld               a server below PostgreSQL 16
    ├── SettingsIgnored            something between us and the server drops our settings
    ├── SchemaOutdated             the migrations applied are fewer than those of this Acca
    ├── SchemaUnknown              the migrations applied are not those of this Acca
    └── NotMadeAsSandbox           a sandbox was asked for, the database was not made as one

Faults of a running server stay the driver's own exceptions.
"""


class DatabaseUnusable(Exception):
    """There is no database to work with; the sentence says why, and after a colon what to do."""

    def __init__(self, *parts: str) -> None:
        super().__init__(": ".join(parts))


class DatabaseInUse(DatabaseUnusable):
    """Another process owns the home."""


class DatabaseDidNotStart(DatabaseUnusable):
    """The embedded server ended before it answered."""


class DatabaseOfAnotherVersion(DatabaseUnusable):
    """The data directory belongs to another major version of PostgreSQL."""


class HomeUnusable(DatabaseUnusable):
    """The home cannot be made, entered or written."""


class NoServerAccount(DatabaseUnusable):
    """We are root, and there is no user under which the server may run."""


class NoServerBinaries(DatabaseUnusable):
    """The PostgreSQL that Acca brings along is missing or does not run here."""


class ServerOutOfReach(DatabaseUnusable):
    """The URL leads to no session; the driver's words say why, and hold no password."""


class ServerTooOld(DatabaseUnusable):
    """The server is older than the SQL that Acca speaks."""


class SettingsIgnored(DatabaseUnusable):
    """The session does not have the settings that were asked for."""


class SchemaOutdated(DatabaseUnusable):
    """The database has not all migrations of this Acca."""


class SchemaUnknown(DatabaseUnusable):
    """The database holds migrations that this Acca does not know as they are."""


class NotMadeAsSandbox(DatabaseUnusable):
    """The database exists and was not created as a sandbox."""
