"""The constants of the core's modules, and how to run with one of them changed.

A variant lives in a process of its own: the module's source is read, the one number replaced, and the rest of the core
then imports this module instead, so that whatever is computed from the constant follows it. Called by sensitivity.
"""

import ast
import importlib.util
import sys
from pathlib import Path

CORE = Path(__file__).resolve().parents[2] / "firmware" / "retrogait"

# Not parameters: units, fixed-point formats, ring sizes, codes, and the arithmetic delays of filters.
DEFINITIONS = {
    "MG", "TICK", "RATE_HZ", "DELAY", "_ONE", "_ONE_MG", "_DEGREE", "_DSPM_SAMPLES", "_RING", "_CAPACITY", "_HELD",
    "_LIMIT", "_BIAS_SHIFT", "_MEAN_DEN", "_SMALLEST_DEN", "_LARGEST", "_SMOOTH_DELAY", "_SMOOTH_GAIN", "_OLDEST_TOP",
    "_Q30_PER_DDPS", "_RISE_SHIFT", "_NO_LEVEL",
}  # fmt: skip
_PARTS = ("waist", "ankle", "turns", "cadence", "attitude", "rest", "distance", "pace")


def modules() -> list[str]:
    """The modules with parameters, as they are now."""
    return sorted(path.stem for path in CORE.glob("*.py") if path.stem.startswith(_PARTS))


def parameters(module: str) -> list[tuple[str, object]]:
    """(name, value) of a module's own whole-number constants, and of its tables of such. Imports the core."""
    made = importlib.import_module(f"retrogait.{module}")
    names = [name for node in ast.parse((CORE / f"{module}.py").read_text()).body for name in _assigned(node)]
    return [(name, getattr(made, name)) for name in names if name not in DEFINITIONS and _movable(getattr(made, name))]


def _assigned(node) -> list[str]:
    """Names in capitals that a statement assigns."""
    if not isinstance(node, ast.Assign):
        return []
    names = [each.id for target in node.targets for each in ast.walk(target) if isinstance(each, ast.Name)]
    return [name for name in names if name.upper() == name]


def _movable(value) -> bool:
    """A whole number, or a table of them by some key."""
    if isinstance(value, dict):
        return bool(value) and all(isinstance(each, int) for each in value.values())
    return isinstance(value, int) and abs(value) > 1


def moved(value, share: float):
    """`value` (or each of a table) changed by `share`, by at least one."""
    if isinstance(value, dict):
        return {key: moved(each, share) for key, each in value.items()}
    change = round(value * share)
    return value + (change or (1 if share > 0 else -1))


def load_with(module: str, name: str, value) -> None:
    """Put retrogait.MODULE with NAME = value in place of the real one. To be called before retrogait is imported."""
    full = f"retrogait.{module}"
    if full in sys.modules:
        raise RuntimeError(f"{full} is already imported: too late to change {name}")
    path = CORE / f"{module}.py"
    tree = ast.parse(path.read_text())
    at = next(i for i, node in enumerate(tree.body) if name in _assigned(node))
    tree.body[at + 1 : at + 1] = ast.parse(f"{name} = {value!r}").body
    package = importlib.import_module("retrogait")
    spec = importlib.util.spec_from_file_location(full, path)
    if spec is None:
        raise RuntimeError(f"{path} cannot be a module")
    made = importlib.util.module_from_spec(spec)
    sys.modules[full] = made
    exec(compile(tree, str(path), "exec"), made.__dict__)  # noqa: S102 - the core's own source
    setattr(package, module, made)
