"""`python -m desktop` is `heddle`."""

from desktop.cli import main

main()
