"""`python -m rubric`."""

from rubric.cli import main

main()
