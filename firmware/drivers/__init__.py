"""One chip a file, written against the data sheets. Hardware enters by constructor; nothing here knows a pin number."""
