"""`make bench`: every figure we promise, beside what this machine can do.

Figures are medians with the least and the most beside them. Options: the number of letters (3000),
--long for a hundred thousand letters (minutes), and --profile, which leaves
`letters.profile` behind.
"""

import asyncio
import sys
import tempfile
from pathlib import Path

from tests.bench import deliveries, grid, groups, letters, pictures, timelines, videos
from tests.bench.machine import say_rates

SERVERS, NOTES = 400, 10
QUICK, LONG = 3000, 100_000


async def main(words: list[str]) -> None:
    """Measure one after the other, and what the machine does before and after."""
    many = [int(each) for each in words if each.isdigit()]
    say_rates()
    wanted = many[0] if many else LONG if "--long" in words else QUICK
    await letters.main(wanted, is_profiled="--profile" in words)
    await grid.main()
    await timelines.main(timelines.FOLLOWS if "--long" in words else timelines.FOLLOWS[:2])
    with tempfile.TemporaryDirectory() as folder:
        await deliveries.measure(SERVERS, NOTES, Path(folder), None)
    await groups.main()
    await pictures.main()
    await videos.main()
    say_rates()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1:]))
