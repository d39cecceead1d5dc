"""The model bundles: found, checked, refused when wrong."""

import hashlib

import pytest
from conftest import SAMPLES

from hipaudit.errors import BackendError
from hipaudit.poses import models
from hipaudit.poses.models import model_file, own_folder


def test_an_unknown_model_is_refused_with_the_choices():
    with pytest.raises(BackendError, match="lite, full, heavy"):
        model_file("huge")


@pytest.fixture
def folder(monkeypatch, tmp_path):
    """An empty folder that is the only place where bundles may lie."""
    monkeypatch.setattr(models, "SHIPPED", ())
    monkeypatch.setenv("HIPAUDIT_MODELS", str(tmp_path))
    return tmp_path


@pytest.mark.parametrize(("name", "advice"), [("full", "install hipaudit again"), ("heavy", "models fetch heavy")])
def test_a_missing_model_is_refused_with_what_to_do(folder, name, advice):
    with pytest.raises(BackendError, match=advice):
        model_file(name)


def test_a_damaged_model_is_refused(folder):
    (folder / "pose_landmarker_full.task").write_bytes(b"damaged")
    with pytest.raises(BackendError, match="not the 'full' pose model"):
        model_file("full")


def test_a_right_copy_is_used_before_a_damaged_one(folder, monkeypatch):
    (folder / "pose_landmarker_lite.task").write_bytes(b"damaged")
    shipped = SAMPLES.parent / "models"
    monkeypatch.setattr(models, "SHIPPED", (folder, shipped))
    assert model_file("lite") == shipped / "pose_landmarker_lite.task"


def test_without_masks_the_cut_bundle_is_used_where_there_is_one(folder, monkeypatch):
    (folder / "pose_landmarker_heavy.task").write_bytes(b"heavy")
    heavy = models.Model(hashlib.sha256(b"heavy").hexdigest(), 5, "Apache-2.0", "")
    monkeypatch.setitem(models.MODELS, "heavy", heavy)
    monkeypatch.setattr(models, "SHIPPED", (SAMPLES.parent / "models",))
    assert model_file("full", masks=False).name == "pose_landmarker_full_nomask.task"
    assert model_file("full").name == "pose_landmarker_full.task"
    assert model_file("heavy", masks=False) == folder / "pose_landmarker_heavy.task"


def test_without_a_wish_the_users_data_folder_holds_them(monkeypatch):
    monkeypatch.delenv("HIPAUDIT_MODELS", raising=False)
    assert own_folder().parts[-2:] == ("hipaudit", "models")
    assert own_folder().is_absolute()
