"""Power fails at each flash operation of a row of requests, none, half or all of it done; then the chip starts.

Usage: micropython cuts.py PLAN, a JSON file {"image": path, "codes": [what the host runs on the device], "apps": [the
versions that may run afterwards], "may_be_none": whether that may be none, "kept": {path: text}}. Prints the number of
operations and of cuts, and a line that begins with BAD for each cut after which something is wrong.
"""

import json
import sys

import clipboard
import vfs

TORN_PERCENT = (0, 50, 100)


def _run(codes, flash):
    """Run the requests until the flash is dead."""
    names = {}
    for code in codes:
        try:
            exec(code, names)
        except OSError:
            assert flash._is_dead
        if flash._is_dead:
            return


def _starts():
    clipboard.log.clear()
    try:
        with open("/main.py") as file:
            main = file.read()
    except OSError:
        return []
    clipboard.boot(main)
    return list(clipboard.log)


def _trouble(plan):
    """What is wrong with the chip as it is now, or ""."""
    log = _starts()
    if any(entry[0] == "mixture" for entry in log):
        return "an incomplete copy started: %s" % log
    if not log:
        return "" if plan["may_be_none"] else "nothing started"
    if len(log) != 1 or log[0][0] not in plan["apps"]:
        return "started: %s" % log
    if _starts()[:1] != [log[0][:2] + (False,)]:
        return "the second start is another one: %s, %s" % (log, clipboard.log)
    for path, text in plan["kept"].items():
        with open(path) as file:
            if file.read() != text:
                return path + " is not what it was"
    return ""


def _power_cycle(original, plan, cut_at, torn_percent):
    """One run; returns (operations done, trouble)."""
    image = clipboard.io.BytesIO(bytearray(original))
    flash = clipboard.mount(image, lambda: None)
    if cut_at:
        flash.cut(cut_at, torn_percent)
    _run(plan["codes"], flash)
    vfs.umount("/")
    clipboard.mount(image)
    trouble = _trouble(plan)
    vfs.umount("/")
    return flash.operations, trouble


def main():
    with open(sys.argv[1]) as file:
        plan = json.load(file)
    with open(plan["image"], "rb") as file:
        original = file.read()
    vfs.umount("/")
    n_operations, trouble = _power_cycle(original, plan, 0, 0)
    n_cuts = 0
    if trouble:
        print("BAD without a cut:", trouble)
    for cut_at in range(1, n_operations + 1):
        for torn_percent in TORN_PERCENT:
            n_cuts += 1
            trouble = _power_cycle(original, plan, cut_at, torn_percent)[1]
            if trouble:
                print("BAD cut at %d, %d %%: %s" % (cut_at, torn_percent, trouble))
    print(n_operations, n_cuts)


main()
