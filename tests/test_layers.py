"""Imports run one way, and each heavy library lives in the modules that need it."""

import ast
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[1] / "hipaudit"
# A layer may import the ones before it; `errors`, `files` and `library` may be imported by all and import no layer.
LAYERS = [
    "frames",
    "poses",
    "kinematics",
    "reps",
    "findings",
    "plan",
    "audit",
    "overlay",
    "figure",
    "report",
    "export",
    "batch",
    "live",
    "doctor",
    "cli",
]
ANYWHERE = {"errors", "library", "files"}
KEPT = {
    "mediapipe": {"poses/mediapipe.py"},
    "cv2": {"overlay.py", "frames/camera.py", "live/window.py", "live/pane.py"},
    "av": {"frames/video.py", "frames/write.py"},
    "PIL": {"overlay.py", "frames/camera.py"},
    "scipy": {"poses/smoothing.py"},
    "matplotlib": {"report/curves.py"},
    "jinja2": {"report/html.py", "batch/page.py"},
    "pydantic": {
        "library/__init__.py",
        "library/schema.py",
        "library/cueing.py",
        "library/drawing.py",
        "library/estimating.py",
        "library/training.py",
        "audit/codec.py",
        "plan/intake.py",
        "batch/jobs.py",
        "live/commands.py",
    },
    "platformdirs": {"poses/models.py", "live/history.py"},
    "urllib": {"poses/fetch.py"},  # the one module that may use the network
    "starlette": {"live/server.py", "live/conversation.py"},
    "uvicorn": {"live/server.py"},
    "pebble": {"batch/local.py"},
    "psutil": {"batch/local.py", "live/bench.py"},
    "filelock": {"batch/run.py"},
    "dask": {"batch/dask.py"},
    "distributed": {"batch/dask.py"},
    "polars": {"batch/tables.py", "export/tables.py"},
    "xlsxwriter": {"batch/tables.py"},
    "typer": {
        f"cli/{name}.py"
        for name in ("__init__", "audit", "batch", "doctor", "export", "live", "models", "screen", "show")
    },
    "rich": {f"cli/{name}.py" for name in ("doctor", "models", "progress", "show", "summary")},
}
MODULES = sorted(p.relative_to(PACKAGE).as_posix() for p in PACKAGE.rglob("*.py"))


def imports(module):
    """(layer or third-party name, is it ours) of every import in a module, late ones included."""
    parts = module.removesuffix(".py").split("/")
    package = parts[:-1]
    for node in ast.walk(ast.parse((PACKAGE / module).read_text("utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.level:
            base = package[: len(package) - node.level + 1]
            target = [*base, *(node.module.split(".") if node.module else [])]
            yield from ([(target[0], True)] if target else [(alias.name, True) for alias in node.names])
        elif isinstance(node, ast.ImportFrom):
            yield node.module.split(".")[0], False
        elif isinstance(node, ast.Import):
            yield from ((alias.name.split(".")[0], False) for alias in node.names)


@pytest.mark.parametrize("module", [m for m in MODULES if m not in ("__init__.py", "__main__.py")])
def test_a_layer_imports_only_what_lies_below_it(module):
    layer = module.split("/")[0].removesuffix(".py")
    for name, ours in imports(module):
        if not ours or name in (layer, "__version__"):
            continue
        if layer in ANYWHERE:
            assert name in ANYWHERE, f"{module} imports {name}: what all may import stands on nothing"
        else:
            below = LAYERS[: LAYERS.index(layer)]
            assert name in {*below, *ANYWHERE}, f"{module} imports {name}: imports run downwards only"


@pytest.mark.parametrize("module", MODULES)
def test_heavy_libraries_stay_in_their_module(module):
    for name, ours in imports(module):
        if not ours and name in KEPT:
            assert module in KEPT[name], f"{module} imports {name}: it belongs to {sorted(KEPT[name])}"
