"""The model bundles: found, checked, refused when wrong."""

import pytest

from hipaudit.errors import BackendError
from hipaudit.poses import models
from hipaudit.poses.models import model_file


def test_an_unknown_model_is_refused_with_the_choices():
    with pytest.raises(BackendError, match="full, lite"):
        model_file("huge")


def test_a_missing_model_is_refused(monkeypatch, tmp_path):
    monkeypatch.setattr(models, "FOLDERS", (tmp_path,))
    with pytest.raises(BackendError, match="missing"):
        model_file("full")


def test_a_damaged_model_is_refused(monkeypatch, tmp_path):
    (tmp_path / "pose_landmarker_full.task").write_bytes(b"damaged")
    monkeypatch.setattr(models, "FOLDERS", (tmp_path,))
    with pytest.raises(BackendError, match="not the 'full' pose model"):
        model_file("full")
