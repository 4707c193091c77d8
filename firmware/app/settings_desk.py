"""Where a host changes the settings: commands of the link that read them, gather a draft in RAM, and apply it whole.

A whole draft is checked over what is stored, so that limits which must stay in order can be changed together, and
nothing is ever half applied. Protocol: docs/reference/link.md.
"""

from retrogait.settings import SCHEMA, Settings, SettingsError

VERBS = ("settings", "draft", "apply")

_TO_DEFAULT = "-"


class SettingsDesk:
    """person: whose settings they are."""

    def __init__(self, person):
        self._person = person
        # {name: whole number, or None for the default}; at most one entry for each row of SCHEMA.
        self._draft = {}

    def answer(self, words, state):
        """The dict that answers one command, whose verb is in VERBS; state: the controller's."""
        verb = words[0]
        if verb == "draft":
            return self._add(words[1:])
        if verb == "apply":
            return self._apply(state)
        return self._told()

    def _told(self):
        person = self._person
        return {
            "settings": person.changes,
            "stage": person.settings.stage,
            "settings_unreadable": person.is_settings_unreadable,
        }

    def _add(self, arguments):
        """`draft NAME VALUE`; without arguments the draft is forgotten."""
        if not arguments:
            self._draft = {}
        elif len(arguments) != 2 or arguments[0] not in SCHEMA:
            return _bad("draft needs the name of a setting and a value")
        elif arguments[1] == _TO_DEFAULT:
            self._draft[arguments[0]] = None
        elif arguments[1].isdigit():
            self._draft[arguments[0]] = int(arguments[1])
        else:
            return _bad("a value is a whole number, or - for the default")
        return {"draft": len(self._draft)}

    def _apply(self, state):
        if state != "idle":
            return {"error": state}
        changes = dict(self._person.changes)
        for name, value in self._draft.items():
            if value is not None:
                changes[name] = value
            elif name in changes:
                del changes[name]
        try:
            settings = Settings(changes)
        except SettingsError as error:
            return _bad(str(error))
        try:
            self._person.keep_settings(settings, changes)
        except OSError:
            return {"error": "flash_full"}
        self._draft = {}
        return self._told()


def _bad(why):
    return {"error": "bad_setting", "why": why}
