"""`python -m desktop` is `heddle`, and where a frozen bundle begins: each of its processes starts here."""

import sys

from media.self_command import run_part

if not run_part(sys.argv):
    from desktop.cli import main

    main()
