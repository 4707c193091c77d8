"""What a scenario found, counted on the device's side: one line of JSON for the host."""

import json

_MOST_TOLD = 5


class Tally:
    """Fields as in fault_rows.row.Row; `wrong` holds the first few findings, `n_wrong` counts them all."""

    def __init__(self, name):
        self.name = name
        self.cases = 0
        self.sessions = 0
        self.lost = 0
        self.bytes_lost = 0
        self.n_wrong = 0
        self.wrong = []

    def note(self, text):
        """Something is not as it must be."""
        self.n_wrong += 1
        if len(self.wrong) < _MOST_TOLD:
            self.wrong.append("%s: %s" % (self.name, text))

    def lose(self, text):
        """A session is lost, or cannot be read."""
        self.lost += 1
        self.note(text)

    def tell(self):
        """Print it."""
        print(json.dumps(self.__dict__))
