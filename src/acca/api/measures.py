"""What Prometheus is told of the requests of a process, or of all processes that share a folder.

The library shares numbers between processes where PROMETHEUS_MULTIPROC_DIR names a folder at its
import; the sums are then read from there, whichever process is asked.
"""

from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector

MEDIA = b"text/plain; version=0.0.4; charset=utf-8"
_SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)


class Measures:
    """The numbers of one process."""

    def __init__(self, shared_folder: str | None = None) -> None:
        self._registry: CollectorRegistry = CollectorRegistry()
        self._shared_folder: str | None = shared_folder
        self._requests: Counter = Counter(
            "acca_requests_total",
            "Requests answered, by route, method and status.",
            ("route", "method", "status"),
            registry=self._registry,
        )
        self._seconds: Histogram = Histogram(
            "acca_request_seconds",
            "Seconds from a request's head to its answer, by route.",
            ("route",),
            registry=self._registry,
            buckets=_SECONDS,
        )
        self._series: dict[tuple[str, str, int], tuple[Counter, Histogram]] = {}
        self._entries: Counter = Counter(
            "acca_feed_entries_total",
            "Entries of feeds, by verdict.",
            ("verdict",),
            registry=self._registry,
        )

    def note_request(self, route: str, method: str, status: int, seconds: float) -> None:
        """Count a request that was answered."""
        # The library looks a series up slowly; there are as many as routes, methods and statuses.
        key = route, method, status
        series = self._series.get(key)
        if series is None:
            counted = self._requests.labels(route, method, str(status))
            series = self._series[key] = counted, self._seconds.labels(route)
        counted, timed = series
        counted.inc()
        timed.observe(seconds)

    def note_entries(self, verdict: str, number: int) -> None:
        """Count entries of a feed that had the same verdict."""
        self._entries.labels(verdict).inc(number)

    def render(self) -> bytes:
        """Render all numbers, in the text form of Prometheus."""
        if self._shared_folder is None:
            return generate_latest(self._registry)
        registry = CollectorRegistry()
        _ = MultiProcessCollector(registry, self._shared_folder)
        return generate_latest(registry)
