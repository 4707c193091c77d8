"""From a device into the archive: what is offered, how files and sessions come over, what may be deleted there."""
