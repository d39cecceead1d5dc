"""A thousand clips in one run: each audited once, each in its own place, and a second run has nothing to do."""

import json

import polars
import pytest
from clinic import hipaudit_batch

MANY = 1000


@pytest.mark.long
def test_a_thousand_clips_in_one_run(clinic, tmp_path):
    out, manifest = tmp_path / "out", clinic(MANY)
    result = hipaudit_batch(manifest, "--out", out, "--no-video", "--show", "quiet", timeout=1500)
    assert result.returncode == 0, result.stderr
    assert result.stdout.splitlines()[0] == f"{MANY} clips: {MANY} done, 0 done before, 0 failed."
    table = polars.read_parquet(out / "summary.parquet")
    assert table.height == MANY
    assert table["client"].n_unique() == MANY
    run = json.loads((out / "run.json").read_text("utf-8"))
    assert run["clips"] == {"done": MANY, "kept": 0, "failed": 0}
    again = hipaudit_batch(manifest, "--out", out, "--no-video", "--show", "quiet", timeout=600)
    assert again.returncode == 0
    assert again.stdout.splitlines()[0] == f"{MANY} clips: 0 done, {MANY} done before, 0 failed."
