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
jobs_waiting = Gauge("rubric_jobs_waiting", "Jobs that are due", registry=REGISTRY)
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
