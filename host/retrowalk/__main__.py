"""`python -m retrowalk` is the `retrowalk` command."""

import sys

from retrowalk.cli import main

sys.exit(main())
