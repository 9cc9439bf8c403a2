"""What an operator watches: counters that Prometheus reads at an address of its own."""

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

REGISTRY = CollectorRegistry()
SECONDS = (0.005, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10)

requests = Counter(
    "rubric_requests", "Answers by area and status", ["area", "status"], registry=REGISTRY
)
request_seconds = Histogram(
    "rubric_request_seconds", "How long answers took", ["area"], buckets=SECONDS, registry=REGISTRY
)
sign_ins = Counter("rubric_sign_ins", "Tries to sign in", ["outcome"], registry=REGISTRY)
letters_in = Counter(
    "rubric_letters_in", "Letters that came, by what became of them", ["outcome"], registry=REGISTRY
)
loose_signatures = Counter(
    "rubric_loose_signatures", "GETs signed without their query", registry=REGISTRY
)
letters_out = Counter(
    "rubric_letters_out", "Tries to deliver, by what became of them", ["outcome"], registry=REGISTRY
)
jobs_done = Counter(
    "rubric_jobs", "Jobs, by name and outcome", ["name", "outcome"], registry=REGISTRY
)
job_seconds = Counter(
    "rubric_job_seconds", "Seconds that jobs took, by name", ["name"], registry=REGISTRY
)
jobs_waiting = Gauge("rubric_jobs_waiting", "Jobs that are due", ["lane"], registry=REGISTRY)
jobs_late = Gauge(
    "rubric_jobs_late_seconds", "How long the oldest job is due", ["lane"], registry=REGISTRY
)
jobs_parked = Gauge("rubric_jobs_parked", "Jobs that failed every try", registry=REGISTRY)
letters_waiting = Gauge("rubric_letters_waiting", "Letters that wait", registry=REGISTRY)
letters_parked = Gauge("rubric_letters_parked", "Letters that are parked", registry=REGISTRY)
letters_late = Gauge(
    "rubric_letters_late_seconds",
    "How long the server is due that waits the longest",
    ["lane"],
    registry=REGISTRY,
)
servers = Gauge(
    "rubric_servers", "Other servers that fail, by their circuit", ["state"], registry=REGISTRY
)
letters_again = Counter(
    "rubric_letters_again", "Letters that came before, and were let be", registry=REGISTRY
)
verify_seconds = Histogram(
    "rubric_verify_seconds",
    "How long a signature took, with its key",
    buckets=SECONDS,
    registry=REGISTRY,
)
fetches = Counter(
    "rubric_fetches", "Documents and files asked for, by outcome", ["outcome"], registry=REGISTRY
)
failures = Counter(
    "rubric_failures", "Answers of 500 and above, by address", ["route"], registry=REGISTRY
)
children_broken = Counter(
    "rubric_children_broken", "Processes for uploads that were ended early", registry=REGISTRY
)
database_busy = Counter(
    "rubric_database_busy", "Waits for another process that writes", registry=REGISTRY
)
wal_bytes = Gauge("rubric_wal_bytes", "Bytes of SQLite's write-ahead log", registry=REGISTRY)
disk_bytes = Gauge("rubric_disk_bytes", "Size of the disk of paths.data", registry=REGISTRY)
disk_free = Gauge("rubric_disk_free_bytes", "Bytes free on it", registry=REGISTRY)
loop_lag = Histogram(
    "rubric_loop_lag_seconds",
    "How late the event loop was, each second",
    buckets=SECONDS,
    registry=REGISTRY,
)
staff_seen = Gauge(
    "rubric_staff_seen_timestamp_seconds",
    "When a moderator or admin was last here",
    registry=REGISTRY,
)
cached_files = Gauge("rubric_cached_files", "Copies of other servers' pictures", registry=REGISTRY)
cached_bytes = Gauge("rubric_cached_bytes", "Bytes of other servers' pictures", registry=REGISTRY)
lost_files = Gauge("rubric_lost_files", "Rows whose file is not there", registry=REGISTRY)
mails = Counter("rubric_mails", "E-mails, by what became of them", ["outcome"], registry=REGISTRY)


def count_request(area: str, status: int, seconds: float) -> None:
    """Count an answer."""
    requests.labels(area, str(status)).inc()
    request_seconds.labels(area).observe(seconds)


def written() -> bytes:
    """Write all counters as Prometheus reads them."""
    return generate_latest(REGISTRY)
