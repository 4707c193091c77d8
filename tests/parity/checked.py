"""The core with every integer operation watched: proof that no product leaves +-2^30.

The sources of retrogait are rewritten on import: each arithmetic result passes through a function that records the
largest magnitude and raises beyond the small-int range of a 32-bit MicroPython (-2^30 .. 2^30 - 1). Run as a script of
its own, because it replaces the package: `python checked.py FOLDER` (laid out by interpreters.py).
"""

import ast
import importlib.util
import json
import sys
from array import array
from pathlib import Path

import retrogait

HOME = Path(retrogait.__file__).parent
LOWEST, HIGHEST = -(1 << 30), (1 << 30) - 1


class Watch:
    """What the rewritten core has computed so far."""

    def __init__(self):
        self.operations = 0
        self.largest = 0
        self.where = ""

    def seen(self, value, where):
        """Note one result; AssertionError if a 32-bit board would have had to allocate for it."""
        if type(value) is int:
            self.operations += 1
            if abs(value) > self.largest:
                self.largest = abs(value)
                self.where = where
            assert LOWEST <= value <= HIGHEST, f"{value} leaves the small-int range at {where}"
        return value


class _Rewrite(ast.NodeTransformer):
    def __init__(self, file):
        self.file = file

    def _seen(self, node):
        where = ast.Constant(f"{self.file}:{node.lineno}")
        call = ast.Call(ast.Name("_seen", ast.Load()), [node, where], [])
        return ast.copy_location(call, node)

    def visit_BinOp(self, node):
        self.generic_visit(node)
        return self._seen(node)

    def visit_UnaryOp(self, node):
        self.generic_visit(node)
        return self._seen(node) if isinstance(node.op, ast.USub) else node

    def visit_AugAssign(self, node):
        self.generic_visit(node)
        target = ast.parse(ast.unparse(node.target), mode="eval").body
        value = self._seen(ast.copy_location(ast.BinOp(target, node.op, node.value), node))
        return ast.copy_location(ast.Assign([node.target], value), node)


class _Finder:
    """Finds retrogait modules and gives them the rewritten code."""

    def __init__(self, watch):
        self.watch = watch

    def find_spec(self, name, path=None, target=None):
        if name != "retrogait" and not name.startswith("retrogait."):
            return None
        file = HOME / ("__init__.py" if name == "retrogait" else name.split(".")[1] + ".py")
        search = [str(HOME)] if name == "retrogait" else None
        return importlib.util.spec_from_file_location(name, file, loader=self, submodule_search_locations=search)

    def create_module(self, spec):
        return None

    def exec_module(self, module):
        file = Path(module.__spec__.origin)
        tree = ast.fix_missing_locations(_Rewrite(file.name).visit(ast.parse(file.read_text())))
        module.__dict__["_seen"] = self.watch.seen
        exec(compile(tree, str(file), "exec"), module.__dict__)  # noqa: S102 our own source, watched


def main(folder):
    """Run the trace over the trials laid out in `folder`; print what was seen as JSON."""
    watch = Watch()
    for name in [name for name in sys.modules if name.split(".")[0] == "retrogait"]:
        del sys.modules[name]
    sys.meta_path.insert(0, _Finder(watch))
    sys.path.insert(0, str(folder))
    trace = importlib.import_module("traced")
    results = {}
    for line in (folder / "trials.txt").read_text().splitlines():
        name, mount, axes, n = line.split(";")
        counts = array("h", (folder / name).read_bytes())
        results[name] = trace.run(mount, axes, counts, int(n))
    print(json.dumps([watch.operations, watch.largest, watch.where, results]))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
