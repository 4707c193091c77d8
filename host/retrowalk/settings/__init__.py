"""Settings as people say them, as files, and as a device stores them."""
