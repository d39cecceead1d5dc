"""One small run over saved poses, its clients named as nobody should be."""

import shutil
from dataclasses import dataclass

import pytest

SCRIPT = "<script>document.title='taken'</script>"
LONG = "ü" * 127 + "n"
RIGHT_TO_LEFT = "עברית 🏋️‍♀️"
FORMULA = "=cmd()"


class Here:
    """Runs jobs one after another, in this process."""

    workers = 1

    def run(self, jobs):
        from hipaudit.batch.jobs import run_job

        return map(run_job, jobs)

    def finish(self):
        raise AssertionError("nothing here ends a run early")

    def close(self):
        pass


@dataclass(frozen=True)
class Clinic:
    """A run and what it left: `rows` of every clip with its audit."""

    out: object
    run: object
    rows: list

    def row(self, clip):
        return next(row for row, _ in self.rows if row.clip == f"{clip}.npz")

    def audit(self, clip):
        return next(audit for row, audit in self.rows if row.clip == f"{clip}.npz")


@pytest.fixture(scope="session")
def visited(load, tmp_path_factory):
    """Both sides of a step-down in one visit, a squat filmed askew, names that hurt, two failures."""
    from hipaudit.batch import Options
    from hipaudit.batch.plan import plan_manifest
    from hipaudit.batch.rows import read_rows
    from hipaudit.batch.run import run_batch
    from hipaudit.poses.tracks import ClipPoses, describe, save_poses

    folder = tmp_path_factory.mktemp("clinic")
    clips = {
        "k06_stepdown_drop": ("Anna", "side", "first"),
        "d08_step_down_front_drop_R": ("Anna", "", "first"),
        "d07_step_down_front_clean_L": ("Anna", "", "first"),
        "d06_squat_oblique45_valgus": (FORMULA, "", ""),
        "s05_squat_side_heelrise16": (SCRIPT, "side", ""),
        "k01_squat_clean": (RIGHT_TO_LEFT, "front", ""),
        "p05_bridge_left": (LONG, "", ""),
        "d14_stand_front": ("Ben", "", ""),
    }
    lines = ["client,clip,view,group"]
    for name, (client, view, group) in clips.items():
        info = describe(load(name), f"{name}.mp4", "0" * 64)
        save_poses(ClipPoses(load(name), info, "saved"), folder / f"{name}.npz")
        lines.append(f'"{client}",{name}.npz,{view},{group}')
    shutil.copy(folder / "k01_squat_clean.npz", folder / "a #1 100% ?.npz")
    (folder / "bad.npz").write_bytes(b"no poses")
    lines += ["C/D,a #1 100% ?.npz,,", "Ben,bad.npz,,"]
    (folder / "clients.csv").write_text("\n".join(lines), "utf-8")
    out = folder / "out"
    options = Options(video=False)
    run = run_batch(plan_manifest(folder / "clients.csv", out, options), out, Here(), options)
    return Clinic(out, run, list(read_rows(run.clips, run.screens, out)))
