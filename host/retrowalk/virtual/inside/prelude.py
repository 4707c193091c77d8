"""What `micropython -i` is given: its names are those of the REPL, so it leaves none behind."""

import boot as _boot

_boot.start(globals())
del _boot
