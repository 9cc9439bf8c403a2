"""`make bench`: every figure we promise, beside what this machine can do.

Options: the number of letters (5000), and --profile, which leaves `letters.profile` behind.
"""

import asyncio
import sys
import tempfile
from pathlib import Path

from tests.bench import deliveries, letters
from tests.bench.machine import rsa_rates

SERVERS, NOTES = 400, 10

if __name__ == "__main__":
    signs, verifies = rsa_rates()
    print(f"this machine: {signs:.0f} RSA-2048 signatures and {verifies:.0f} checks in a second")
    numbers = [int(each) for each in sys.argv[1:] if each.isdigit()]
    asyncio.run(letters.main(*(numbers or [5000]), is_profiled="--profile" in sys.argv))
    print(f"{NOTES} notes to followers on {SERVERS} servers:")
    with tempfile.TemporaryDirectory() as folder:
        asyncio.run(deliveries.measure(SERVERS, NOTES, Path(folder), None))
