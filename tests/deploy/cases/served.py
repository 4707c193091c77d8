"""The chip in RAM, driven line by line from the host.

{"run": code}, {"put": {path: text}}, {"boot": {version: action}}, {"save": path}, {"load": path}. Each answer ends with
a line that begins with EOT and goes on with an error or "".
"""

import json
import sys

import clipboard
import vfs

posix = vfs.VfsPosix("/")
vfs.umount("/")
image = clipboard.new_image()
clipboard.mount(image)


def _boot(actions):
    clipboard.log.clear()
    clipboard.behave.clear()
    for version, action in actions.items():
        clipboard.behave[version] = getattr(clipboard, action)
    with open("/main.py") as file:
        clipboard.boot(file.read())
    print(json.dumps(clipboard.log))


def _save(path):
    with posix.open(path, "wb") as file:
        file.write(image.getvalue())


def _load(path):
    global image
    vfs.umount("/")
    with posix.open(path, "rb") as file:
        image = clipboard.io.BytesIO(bytearray(file.read()))
    clipboard.mount(image)


names = {}
for line in sys.stdin:
    asked = json.loads(line)
    try:
        if "run" in asked:
            exec(asked["run"], names)
        elif "put" in asked:
            for path, text in asked["put"].items():
                clipboard.put(path, text)
        elif "boot" in asked:
            _boot(asked["boot"])
        elif "save" in asked:
            _save(asked["save"])
        else:
            _load(asked["load"])
    except Exception as error:  # noqa: BLE001 the host is told, whatever it is
        print("\x04%s: %s" % (type(error).__name__, error))
    else:
        print("\x04")
