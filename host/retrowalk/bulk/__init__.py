"""The bulk half of the link, the host's side: frames that carry the walks from the running app to this computer."""
