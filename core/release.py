"""Which release this is, as pyproject.toml says."""

from importlib.metadata import version

VERSION = version("rubric")
