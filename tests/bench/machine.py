"""What this machine does by itself, and what a process takes of it."""

import os
import statistics
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa

TICKS = os.sysconf("SC_CLK_TCK")
SIGNS, CHECKS = 3300, 40_000  # of the core that the goals are meant for


def cpu_seconds(pid: int) -> float:
    """Seconds that all threads of a process have worked."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(") ")[2].split(" ")
    return (int(fields[11]) + int(fields[12])) / TICKS


def memory_mb(pid: int, kind: str = "VmRSS") -> float:
    """Memory of a process: `VmRSS` now, `VmHWM` at its most."""
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith(f"{kind}:"):
            return int(line.split()[1]) / 1024
    raise ValueError(kind)


def rsa_rates() -> tuple[float, float]:
    """How many RSA-2048 signatures this machine makes, and verifies, in a second."""
    key = rsa.generate_private_key(65537, 2048)
    form = padding.PKCS1v15(), hashes.SHA256()
    signature = key.sign(b"letter", *form)
    public = key.public_key()
    return (
        _rate(lambda: key.sign(b"letter", *form)),
        _rate(lambda: public.verify(signature, b"letter", *form)),
    )


def say_rates() -> None:
    """Print what to judge the figures by: other machines, and this one at other times, differ."""
    signs, verifies = rsa_rates()
    print(
        f"this machine, now: {signs:.0f} RSA-2048 signatures and {verifies:.0f} checks in a second"
        f" (the goals are for {SIGNS} and {CHECKS})"
    )


def spread(figures: Sequence[float], unit: str) -> str:
    """Write the median, and between which figures it lies."""
    median = statistics.median(figures)
    return f"{median:.2f} {unit} ({min(figures):.2f} to {max(figures):.2f}, {len(figures)} runs)"


def _rate(work: Callable[[], object]) -> float:
    rates = []
    for _ in range(5):
        began, many = time.process_time(), 0
        while time.process_time() - began < 0.1:
            work()
            many += 1
        rates.append(many / (time.process_time() - began))
    return statistics.median(rates)
