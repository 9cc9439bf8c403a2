"""An S3 server as small as it can be: moto's, a process of its own on loopback."""

import socket
import subprocess
import sys
import time
import urllib.request
from typing import Self

from core.settings import S3

BUCKET = "pictures"


class BucketServer:
    """Runs while it is entered; `table` is what `[media.s3]` has to say to use it."""

    def __init__(self) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        command = [sys.executable, "-W", "ignore", "-m", "moto.server"]
        self._process = subprocess.Popen(  # noqa: S603  our own command
            [*command, "-H", "127.0.0.1", "-p", str(self.port)],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        self._wait()
        self._put(f"/{BUCKET}")
        return self

    def __exit__(self, *_: object) -> None:
        assert self._process
        self._process.kill()
        self._process.wait()

    def table(self, prefix: str = "", **more: object) -> S3:
        """Settings for this server; each test has a prefix, and so a place, of its own."""
        known = {"endpoint": self.url, "bucket": BUCKET, "access_key": "us", "secret": "ours"}
        return S3(prefix=prefix, **(known | more))

    def _wait(self) -> None:
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", self.port)) == 0:
                    return
            time.sleep(0.05)
        raise AssertionError("the S3 server did not start")

    def _put(self, path: str) -> None:
        asked = urllib.request.Request(self.url + path, method="PUT")  # noqa: S310
        with urllib.request.urlopen(asked) as answer:  # noqa: S310
            assert answer.status == 200
