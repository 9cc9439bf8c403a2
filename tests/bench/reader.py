"""A reader in a process of its own: asks for a page again and again, and says how long each took.

    python -m tests.bench.reader PORT PATH

For each line of standard input, which says how many times to read, it answers with a line of
milliseconds in JSON. What else a bench does meanwhile is not in them.
"""

import json
import sys
import time
from http.client import HTTPConnection

EVERY_S = 0.02


def main(port: int, path: str) -> None:
    """Read whenever that is asked for, until nothing more is."""
    for line in sys.stdin:
        print(json.dumps(_reads(port, path, int(line))), flush=True)


def _reads(port: int, path: str, many: int) -> list[float]:
    """Read so many times over one connection, with a breath in between."""
    connection, taken = HTTPConnection("127.0.0.1", port), list[float]()
    headers = {"Host": f"localhost:{port}", "Accept": "text/html"}
    for _ in range(many):
        began = time.perf_counter()
        connection.request("GET", path, headers=headers)
        answer = connection.getresponse()
        answer.read()
        taken.append((time.perf_counter() - began) * 1000)
        assert answer.status == 200, answer.status
        time.sleep(EVERY_S)
    connection.close()
    return taken


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2])
