"""A desk and a running server for each test that asks for one."""

import numpy as np
import pytest


@pytest.fixture
def desk(tmp_path):
    from hipaudit.audit.run import open_model
    from hipaudit.live.desk import Choice, Desk

    return Desk(Choice(tmp_path / "sets"), open_model("full"))


@pytest.fixture
def served(desk):
    from served import serving

    with serving(desk) as running:
        yield running


@pytest.fixture
def a_picture():
    """A JPEG of an empty grey room."""
    from served import jpeg

    return jpeg(np.full((480, 640, 3), 128, np.uint8))
