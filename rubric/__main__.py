"""`python -m rubric`."""

from rubric.command import main

main()
