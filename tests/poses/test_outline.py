"""The outline of the back: from drawn masks whose shape is known, and through save, load, cut and collect."""

import numpy as np
import pytest

from hipaudit.kinematics.outline import hollow, lumbar_change
from hipaudit.poses import BACK_AT, J, Pose, PoseTrack, collect, no_back
from hipaudit.poses.outline import LASTING, SideWatch, back_outline, outline_points
from hipaudit.poses.skeleton import Joint, joint
from hipaudit.poses.tracks import load_track, save_track

TRUNK = 120.0  # px
HIP = np.array([300.0, 300.0])


def standing(side, lean=0.0):
    """(J, 2) and (J, 3) of a person seen from `side`, arms straight forward, trunk leaning forward by degrees."""
    facing = -1 if side == "left" else 1
    up = np.array([facing * np.sin(np.radians(lean)), -np.cos(np.radians(lean))])
    xy = np.tile(HIP, (J, 1))
    for s in ("left", "right"):
        shoulder = HIP + TRUNK * up
        xy[joint(s, "shoulder")] = shoulder
        xy[joint(s, "elbow")], xy[joint(s, "wrist")] = shoulder + [40 * facing, 0], shoulder + [80 * facing, 0]
        xy[joint(s, "knee")], xy[joint(s, "ankle")] = HIP + [0, 90], HIP + [0, 180]
    xyz = np.zeros((J, 3))
    xyz[joint(side, "shoulder"), 2] = 0.2
    return xy, xyz


def silhouette(xy, side, distance):
    """(H, W) mask filled from the front up to `distance` (trunk lengths) behind the line, soft at the edge."""
    facing = -1 if side == "left" else 1
    hip, shoulder = xy[joint(side, "hip")], xy[joint(side, "shoulder")]
    along = (shoulder - hip) / TRUNK
    backwards = np.array([-along[1], along[0]]) * (1 if side == "left" else -1)
    y, x = np.mgrid[0:480, 0:640]
    points = np.stack([x, y], -1) - hip
    t, d = points @ along / TRUNK, points @ backwards / TRUNK
    assert backwards[0] * facing < 0, "the back is away from where the person faces"
    return np.clip((distance(t) - d) * TRUNK + 0.5, 0, 1) * (d > -0.4)


def shape(depth):
    """Two humps of 0.2 with a hollow of `depth` trunk lengths between them."""
    return lambda t: 0.2 - depth * np.exp(-(((t - 0.33) / 0.12) ** 2))


@pytest.mark.parametrize("side", ["left", "right"])
@pytest.mark.parametrize("lean", [0, 25, 60])
@pytest.mark.parametrize("depth", [0.0, 0.05, 0.1])
def test_the_outline_and_its_hollow_are_what_was_drawn(side, lean, depth):
    xy, xyz = standing(side, lean)
    outline = back_outline(silhouette(xy, side, shape(depth)), xy, xyz)
    assert outline == pytest.approx(shape(depth)(BACK_AT), abs=0.006)
    assert hollow(outline) == pytest.approx(100 * depth, rel=0.1, abs=0.3)


def test_points_of_the_outline_lie_on_the_edge_of_the_mask():
    xy, xyz = standing("right", 30)
    mask = silhouette(xy, "right", shape(0.08))
    points = outline_points(back_outline(mask, xy, xyz), xy, "right")
    columns, rows = points.round().astype(int).T
    assert np.abs(mask[rows, columns] - 0.5).max() <= 0.5
    assert mask[rows, columns + 4].min() == 1  # facing right, the body is to the right of its back's edge
    assert mask[rows, columns - 4].max() == 0


def test_no_outline_from_the_front():
    xy, xyz = standing("left")
    mask = silhouette(xy, "left", shape(0.05))
    xyz[Joint.LEFT_SHOULDER] = (0.2, 0, 0.02)
    assert np.isnan(back_outline(mask, xy, xyz)).all()


@pytest.mark.parametrize("arm", [Joint.LEFT_ELBOW, Joint.RIGHT_ELBOW, Joint.LEFT_WRIST, Joint.RIGHT_WRIST])
def test_no_outline_with_an_arm_behind_the_trunk(arm):
    xy, xyz = standing("left")
    mask = silhouette(xy, "left", shape(0.05))
    xy[arm] = HIP + [0.3 * TRUNK, -0.5 * TRUNK]
    assert np.isnan(back_outline(mask, xy, xyz)).all()


def test_an_empty_mask_and_a_hidden_shoulder_give_nothing():
    xy, xyz = standing("left")
    assert np.isnan(back_outline(np.zeros((480, 640)), xy, xyz)).all()
    xyz[Joint.LEFT_SHOULDER] = np.nan
    assert np.isnan(back_outline(silhouette(*standing("left")[:1], "left", shape(0.05)), xy, xyz)).all()


def test_too_little_of_an_outline_has_no_hollow():
    outline = shape(0.08)(BACK_AT)
    outline[:40] = np.nan
    assert np.isnan(hollow(outline))
    outline = shape(0.08)(BACK_AT)
    outline[60:64] = np.nan  # a few places are bridged
    assert hollow(outline) == pytest.approx(8, abs=1)


def test_change_is_zero_at_own_stand_and_grows_with_the_hollow():
    xy, _ = standing("left")
    assert lumbar_change(np.array(6.0), 6.0, xy, xy, "left") == 0
    deeper = lumbar_change(np.array([4.0, 6.0, 9.0]), 6.0, xy, xy, "left")
    assert (np.diff(deeper) > 0).all()
    assert deeper[0] < 0 < deeper[2]
    bent = xy.copy()
    bent[Joint.LEFT_KNEE] = HIP + [-90, 0]
    assert lumbar_change(np.array(6.0), 6.0, bent, xy, "left") > 5, "a bent hip flattens the outline: given back"


def a_track(back):
    n = len(back)
    xy = np.arange(n * J * 2, dtype=np.float32).reshape(n, J, 2)
    return PoseTrack(
        np.arange(n) / 30, xy, np.zeros((n, J, 3), np.float32), np.ones((n, J), np.float32), (640, 480), back
    )


def test_outlines_survive_saving_cutting_and_collecting(tmp_path):
    back = np.tile(shape(0.07)(BACK_AT), (6, 1)).astype(np.float32)
    back[2] = np.nan
    track = a_track(back)
    save_track(track, tmp_path / "t.npz")
    for other in (load_track(tmp_path / "t.npz"), collect(iter(track), track.size)):
        assert other.back == pytest.approx(back, abs=2e-4, nan_ok=True)
    assert track.between(0.05, 0.12).back == pytest.approx(back[2:4], nan_ok=True)


def test_a_track_without_outlines_says_so(tmp_path):
    track = a_track(no_back(3))
    save_track(track, tmp_path / "t.npz")
    assert np.isnan(load_track(tmp_path / "t.npz").back).all()
    assert load_track(tmp_path / "t.npz").back.shape == (3, len(BACK_AT))
    empty = np.zeros((J, 2), np.float32), np.zeros((J, 3), np.float32), np.ones(J, np.float32)
    assert np.isnan(Pose(0.0, *empty).back).all()


def test_a_wrong_shape_is_refused():
    with pytest.raises(ValueError, match="back has shape"):
        a_track(np.zeros((4, 96), np.float32))


def instants(load, name):
    """(seconds handed out, were they all) of a saved clip that is watched for a view from the side."""
    track, watch = load(name), SideWatch()
    given = [t for t, _ in watch.until_shown(track)]
    assert watch.shown == (len(given) < len(track))
    return given


def test_a_view_from_the_side_is_noticed_at_once(load):
    assert instants(load, "squat_side_low_back_arch")[-1] < LASTING + 0.2
    assert instants(load, "p05_bridge_left")[-1] < LASTING + 0.2


@pytest.mark.parametrize("name", ["squat_front_knees_in", "single_leg_squat_front_left_combo", "d10_sls_back_clean_L"])
def test_a_view_from_front_or_back_is_watched_to_its_end(load, name):
    assert len(instants(load, name)) == len(load(name))


def test_an_instant_with_nobody_is_not_seen_from_the_side():
    watch = SideWatch()
    assert len(list(watch.until_shown([(t / 10, None) for t in range(30)]))) == 30
    assert not watch.shown
