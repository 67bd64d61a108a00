"""A kit for the tests of those who build on Acca: a double that answers, and webhooks to receive.

`AccaDouble` needs no engine and no database, and no network beyond loopback. It judges tickets by
simple rules; what Acca answers in every case, a sandbox shows.
"""

from acca_client.testing.double import AccaDouble
from acca_client.testing.finance import Taxes
from acca_client.testing.hooks import Hook, with_late_repeats

__all__ = ["AccaDouble", "Hook", "Taxes", "with_late_repeats"]
