"""Exports, each read back by a reader that is not ours."""

import csv
import io
from dataclasses import replace

import numpy as np
import polars as pl
import pytest
from typer.testing import CliRunner

from hipaudit import library
from hipaudit.audit.run import combine
from hipaudit.cli import app
from hipaudit.cli.export import Kind
from hipaudit.errors import NothingToJudge, SourceError
from hipaudit.export import EXPORTS, clips_of, export, find_audits
from hipaudit.export.mot import mot_text
from hipaudit.poses import J
from hipaudit.poses.metres import metres, metres_per_pixel
from hipaudit.poses.skeleton import Joint
from hipaudit.report import write_reports

STEP_DOWN, SIDE, OBLIQUE = "step_down_front_right_knee_in", "squat_side_low_back_arch", "d06_squat_oblique45_valgus"
FILES = {"landmarks.trc", "angles.mot", "landmarks.csv", "angles.csv", "landmarks.parquet", "angles.parquet"}
MARKERS = [names[0] for names in library.skeletons().markers.values()]


@pytest.fixture(scope="module")
def saved(audited, tmp_path_factory):
    """A clinic's folder: audits of three clips."""
    folder = tmp_path_factory.mktemp("clinic")
    runs = {name: audited(name) for name in (STEP_DOWN, SIDE, OBLIQUE)}
    for name, run in runs.items():
        write_reports(run, folder / name / "audit", ("json", "poses"))
    return folder, runs


@pytest.fixture(scope="module")
def exported(saved, tmp_path_factory):
    """Two of them in every format."""
    out = tmp_path_factory.mktemp("exported")
    for name in (STEP_DOWN, SIDE):
        export(saved[0] / name / "audit", out / name, EXPORTS)
    return out


def seen(saved, name):
    return saved[1][name].clips[0]


def same(got, expected, digits):
    np.testing.assert_allclose(np.asarray(got, float), expected, rtol=0, atol=0.51 * 10.0**-digits, equal_nan=True)


def test_the_command_offers_every_export():
    assert set(Kind) == set(EXPORTS)


def test_every_joint_has_a_marker_and_every_skeleton_what_is_needed():
    table = library.skeletons()
    joints = [joint.name.lower() for joint in Joint]
    assert list(table.markers) == joints
    for skeleton in table.keypoints.values():
        assert set(table.needed) <= set(skeleton.rows) <= set(joints)
        assert max(skeleton.rows.values()) < skeleton.count
        assert len(set(skeleton.rows.values())) == len(skeleton.rows)


@pytest.mark.parametrize("name", [STEP_DOWN, SIDE])
def test_curves_computed_again_are_those_of_the_audit(saved, name):
    (again,) = clips_of(saved[0] / name / "audit")
    assert again.clip.name == seen(saved, name).clip.name
    for column, values in seen(saved, name).curves.items():
        np.testing.assert_array_equal(again.curves[column], values)


@pytest.mark.parametrize("name", [STEP_DOWN, SIDE])
def test_trc_is_read_by_the_trc_reader(saved, exported, name):
    trc = pytest.importorskip("trc")
    data, track = trc.TRCData(), seen(saved, name).track
    data.load(exported / name / "landmarks.trc")
    assert (data["Units"], data["NumFrames"], data["NumMarkers"]) == ("m", len(track), J)
    assert data["DataRate"] == pytest.approx(30, abs=0.01)
    assert data["Markers"] == MARKERS
    same(data["Time"], track.t, 4)
    points = metres(track)
    for joint, marker in zip(Joint, MARKERS, strict=True):
        same(data[marker], points[:, joint], 5)


@pytest.mark.parametrize("name", [STEP_DOWN, SIDE])
def test_opensim_reads_its_own_formats(saved, exported, name):
    opensim = pytest.importorskip("opensim")
    clip = seen(saved, name)
    table = opensim.TimeSeriesTableVec3(str(exported / name / "landmarks.trc"))
    assert list(table.getColumnLabels()) == MARKERS
    assert table.getTableMetaDataString("Units") == "m"
    for row in (0, len(clip.track) // 2):
        got = table.getRowAtIndex(row)
        same([got[joint].to_numpy() for joint in Joint], metres(clip.track)[row], 5)
    motion = opensim.TimeSeriesTable(str(exported / name / "angles.mot"))
    assert motion.getTableMetaDataString("inDegrees") == "yes"
    assert motion.getNumRows() == len(clip.track)
    for label in motion.getColumnLabels():
        same(motion.getDependentColumn(label).to_numpy(), clip.curves[f"{label}_deg"], 4)


def test_opensim_reads_a_motion_with_a_value_missing(tmp_path):
    opensim = pytest.importorskip("opensim")
    curve = np.array([1.0, np.nan, 3.0])
    (tmp_path / "a.mot").write_text(mot_text(np.arange(3) / 30, {"knee_deg": curve}, "a clip with blanks.mp4"), "utf-8")
    table = opensim.TimeSeriesTable(str(tmp_path / "a.mot"))
    same(table.getDependentColumn("knee").to_numpy(), curve, 4)


@pytest.mark.parametrize("name", [STEP_DOWN, SIDE])
def test_the_motion_says_how_large_it_is(saved, exported, name):
    lines = (exported / name / "angles.mot").read_text("utf-8").splitlines()
    end = lines.index("endheader")
    told = dict(line.split("=") for line in lines[1:end])
    rows = [line.split("\t") for line in lines[end + 1 :]]
    assert told["inDegrees"] == "yes"
    assert int(told["nRows"]) == len(rows) - 1 == len(seen(saved, name).track)
    assert {len(row) for row in rows} == {int(told["nColumns"])}
    values = np.array(rows[1:], float)
    for column, label in enumerate(rows[0][1:], 1):
        same(values[:, column], seen(saved, name).curves[f"{label}_deg"], 4)


def test_csv_holds_a_row_for_each_landmark_and_one_for_each_instant(saved, exported):
    track = seen(saved, STEP_DOWN).track
    text = (exported / STEP_DOWN / "landmarks.csv").read_text("utf-8")
    rows = list(csv.DictReader(io.StringIO(text)))
    assert len(rows) == len(track) * J
    row = rows[J * 100 + Joint.RIGHT_KNEE]
    assert row["landmark"] == "right_knee"
    same([row["x_px"], row["y_px"]], track.xy[100, Joint.RIGHT_KNEE], 5)
    same([row["x_m"], row["y_m"], row["z_m"]], track.xyz[100, Joint.RIGHT_KNEE], 5)
    same(row["t_s"], track.t[100], 5)
    angles = list(csv.DictReader(io.StringIO((exported / STEP_DOWN / "angles.csv").read_text("utf-8"))))
    assert len(angles) == len(track)
    assert [row["knee_flexion_left_deg"] for row in angles] == [""] * len(track), "not to be read from the front"
    same([row["fppa_right_deg"] for row in angles], seen(saved, STEP_DOWN).curves["fppa_right_deg"], 5)


def test_parquet_keeps_every_digit(saved, exported):
    arrow = pytest.importorskip("pyarrow.parquet")
    clip = seen(saved, SIDE)
    table = arrow.read_table(exported / SIDE / "landmarks.parquet").to_pydict()
    assert table["landmark"][:J] == [joint.name.lower() for joint in Joint]
    np.testing.assert_array_equal(np.array(table["x_px"], np.float32).reshape(-1, J), clip.track.xy[..., 0])
    assert set(table["clip"]) == {clip.clip.name}
    angles = arrow.read_table(exported / SIDE / "angles.parquet")
    np.testing.assert_array_equal(angles["knee_flexion_left_deg"].to_numpy(), clip.curves["knee_flexion_left_deg"])
    assert angles["kasr"].null_count == len(clip.track)


def test_an_instant_with_nobody_is_missing_everywhere(saved, tmp_path):
    clip = seen(saved, STEP_DOWN)
    xy, xyz = clip.track.xy.copy(), clip.track.xyz.copy()
    xy[5], xyz[5] = np.nan, np.nan
    gone = replace(clip, track=replace(clip.track, xy=xy, xyz=xyz))
    for row in (*EXPORTS["trc"], *EXPORTS["csv"], *EXPORTS["parquet"]):
        row.write(gone, tmp_path / row.file(1))
    nobody = (tmp_path / "landmarks.trc").read_text("utf-8").splitlines()[6 + 5].split("\t")[2:]
    assert nobody == ["nan"] * 3 * J
    table = pl.read_parquet(tmp_path / "landmarks.parquet").slice(5 * J, J)
    assert table["x_px"].null_count() == table["z_m"].null_count() == J
    assert pl.read_csv(tmp_path / "landmarks.csv").slice(5 * J, J)["x_px"].null_count() == J


def test_metres_keep_the_person_upright_and_of_human_size(saved):
    points = metres(seen(saved, STEP_DOWN).track)[:30]
    head, foot = np.nanmedian(points[:, Joint.NOSE], 0), np.nanmedian(points[:, Joint.LEFT_HEEL], 0)
    assert 1.3 < head[1] - foot[1] < 2.0
    left, right = (np.nanmedian(points[:, j, 0]) for j in (Joint.LEFT_HIP, Joint.RIGHT_HIP))
    assert left > right, "from the front the person's left is to the picture's right"
    one = metres_per_pixel(seen(saved, STEP_DOWN).track)
    assert one == pytest.approx(metres_per_pixel(seen(saved, STEP_DOWN).track.between(0, 3)), rel=0.1)


def test_poses_without_metres_have_no_trc_and_the_rest_is_written(saved, audited, tmp_path):
    run = saved[1][STEP_DOWN]
    flat = replace(run.clips[0].track, xyz=np.full_like(run.clips[0].track.xyz, np.nan))
    assert metres_per_pixel(flat) is None
    with pytest.raises(NothingToJudge, match="no metres"):
        EXPORTS["trc"][0].write(replace(run.clips[0], track=flat), tmp_path / "landmarks.trc")
    for row in EXPORTS["csv"]:
        row.write(replace(run.clips[0], track=flat), tmp_path / row.file(1))
    assert pl.read_csv(tmp_path / "landmarks.csv")["x_m"].null_count() == len(flat) * J


def test_a_view_without_angles_has_no_motion_and_says_so(saved, tmp_path):
    done = export(saved[0] / OBLIQUE / "audit", tmp_path, ("mot", "trc"))
    assert [file.name for file in done.written] == ["landmarks.trc"]
    assert [str(error) for error in done.refused] == [
        f"{OBLIQUE}.mp4: no angle can be read in this view, so there is no MOT of it."
    ]


def test_every_clip_of_an_audit_has_files_of_its_own(judged, tmp_path):
    run = combine([judged("squat_front_knees_in"), judged(SIDE)])
    write_reports(run, tmp_path, ("json", "poses"))
    done = export(tmp_path, tmp_path / "out", ("trc", "mot"))
    assert [file.name for file in done.written] == ["landmarks.trc", "angles.mot", "landmarks_2.trc", "angles_2.mot"]


def command(*arguments):
    return CliRunner().invoke(app, ["export", *map(str, arguments)], env={"COLUMNS": "300", "NO_COLOR": "1"})


def test_a_folder_of_audits_is_exported_with_its_tree(saved, tmp_path):
    done = command(saved[0], "--to", "mot", "--to", "parquet", "--out", tmp_path / "out")
    assert done.exit_code == 0, done.stderr
    assert "no angle can be read in this view" in done.stderr
    files = {p.relative_to(tmp_path / "out").as_posix() for p in (tmp_path / "out").rglob("*") if p.is_file()}
    tables = {f"{name}/audit/{part}.parquet" for name in (STEP_DOWN, SIDE, OBLIQUE) for part in ("landmarks", "angles")}
    assert files == tables | {f"{name}/audit/angles.mot" for name in (STEP_DOWN, SIDE)}
    assert sorted(done.stdout.splitlines()) == sorted(str(tmp_path / "out" / file) for file in files)


def test_places_that_share_a_name_stay_apart(saved):
    places = [saved[0] / STEP_DOWN / "audit", saved[0] / SIDE / "audit" / "audit.json"]
    assert {str(below) for below in find_audits(places).values()} == {f"{STEP_DOWN}/audit", f"{SIDE}/audit"}
    assert [str(below) for below in find_audits(places[:1]).values()] == ["."]


def test_a_bad_audit_stops_no_other(saved, audited, tmp_path):
    for name in ("a_bad", "b_good", "c_old", "d_mixed"):
        write_reports(saved[1][STEP_DOWN], tmp_path / name, ("json", "poses"))
    (tmp_path / "a_bad" / "audit.json").write_text("{}", "utf-8")
    (tmp_path / "c_old" / "poses.npz").unlink()
    write_reports(audited(SIDE), tmp_path / "d_mixed" / "other", ("poses",))
    run = replace(saved[1][STEP_DOWN].audit.clips[0], sha256="f" * 64)
    other = replace(saved[1][STEP_DOWN], audit=replace(saved[1][STEP_DOWN].audit, clips=[run]))
    write_reports(other, tmp_path / "d_mixed", ("json",))
    done = command(tmp_path, "--to", "mot")
    assert done.exit_code == 3
    assert done.stdout == f"{tmp_path / 'b_good' / 'angles.mot'}\n"
    said = done.stderr.splitlines()
    assert len(said) == 3
    assert "not an audit of hipaudit.audit/1" in said[0]
    assert "holds no poses.npz" in said[1]
    assert "the poses of another clip" in said[2]
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("place", ["nowhere", "empty", "file.txt"])
def test_a_place_without_an_audit_is_said(tmp_path, place):
    (tmp_path / "empty").mkdir()
    (tmp_path / "file.txt").write_text("no audit", "utf-8")
    done = command(tmp_path / place, "--to", "trc")
    assert done.exit_code == 3
    assert done.stderr.startswith(f"hipaudit: {tmp_path / place} ")
    with pytest.raises(SourceError):
        find_audits([tmp_path / place])


def test_a_place_that_cannot_be_written_is_said(saved, tmp_path):
    (tmp_path / "file").write_text("in the way", "utf-8")
    done = command(saved[0] / STEP_DOWN, "--to", "trc", "--out", tmp_path / "file")
    assert done.exit_code == 2
    assert "--out" in done.stderr
