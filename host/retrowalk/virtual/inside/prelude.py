import boot as _boot

_boot.start(globals())
del _boot
