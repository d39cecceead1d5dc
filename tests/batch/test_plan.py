"""Whose each clip is and where its results go."""

import pytest

from hipaudit.batch import Options, Outcome
from hipaudit.batch.plan import plan_folder, plan_manifest, plan_screens, safe
from hipaudit.errors import ManifestError, SourceError

NAMES = [
    "with spaces",
    "emoji 🏋️‍♀️",
    "quotes ' and \"",
    "n" * 251,
    "é" * 125,
    "..",
    "../../etc/passwd",
    "a/b",
    "CON:|?*",
    "trailing. ",
    "",
    "עברית",
    "=cmd()",
]


@pytest.fixture
def tree(tmp_path):
    """Makes empty files by their path below a folder, and plans it."""
    folder = tmp_path / "clients"

    def make(*files, client="folder"):
        for file in files:
            path = folder / file
            path.parent.mkdir(parents=True, exist_ok=True)
            path.touch()
        return plan_folder(folder, folder / "out", Options(), client)

    make.folder = folder
    return make


def whose(plan, folder):
    return {job.clip.relative_to(folder).as_posix(): job.client for job in plan.jobs}


def test_the_first_folder_is_the_client_and_a_clip_in_none_is_one_of_its_own(tree):
    plan = tree("anna/squat.mp4", "anna/2026/side.MOV", "ben/x.mkv", "lone.mp4")
    assert whose(plan, tree.folder) == {
        "anna/squat.mp4": "anna",
        "anna/2026/side.MOV": "anna",
        "ben/x.mkv": "ben",
        "lone.mp4": "lone",
    }
    out = tree.folder / "out"
    folders = {job.folder.relative_to(out).as_posix() for job in plan.jobs}
    assert folders == {"anna/squat", "anna/2026/side", "ben/x", "lone/lone"}


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [("{client}_*", "anna"), ("*_{client}", "squat"), ("visits/{client}_*", "anna")],
)
def test_a_pattern_says_where_the_client_stands(tree, pattern, expected):
    plan = tree("visits/anna_squat.mp4", client=pattern)
    assert [job.client for job in plan.jobs] == [expected]


def test_a_clip_that_does_not_fit_the_pattern_is_left_out_and_named(tree):
    plan = tree("anna_squat.mp4", "holiday.mp4", client="{client}_*")
    assert [job.client for job in plan.jobs] == ["anna"]
    assert {path.name: why for path, why in plan.skipped.items()} == {
        "holiday.mp4": "its name does not fit the pattern {client}_*"
    }


def test_where_every_clip_is_left_out_that_is_told_and_not_a_run_of_nothing(tree):
    with pytest.raises(SourceError, match=r"can be taken \(its name does not fit the pattern \{client\}_\*\)"):
        tree("anna.mp4", client="{client}_*")


@pytest.mark.parametrize("pattern", ["*", "{client}{client}", "client"])
def test_a_pattern_names_the_client_once(tree, pattern):
    with pytest.raises(ManifestError, match="write folder, or a pattern"):
        tree("a.mp4", client=pattern)


def test_hidden_temporary_and_own_files_are_no_clips(tree):
    plan = tree(
        "anna/squat.mp4",
        "anna/.hidden.mp4",
        "anna/._squat.mp4",
        "anna/~squat.mp4",
        "anna/squat.mp4.part",
        ".trash/old.mp4",
        "anna/notes.txt",
        "anna/squat_audit/audit.json",
        "anna/squat_audit/annotated.mp4",
        "out/anna/squat/annotated.mp4",
    )
    assert whose(plan, tree.folder) == {"anna/squat.mp4": "anna"}


def test_clips_beside_results_are_clips_all_the_same(tree):
    plan = tree("run.json", "lone.mp4", "anna/audit.json", "anna/squat.mp4", "anna/annotated_2.mp4")
    assert whose(plan, tree.folder) == {"lone.mp4": "lone", "anna/squat.mp4": "anna"}


def test_links_that_lead_out_of_the_tree_are_not_followed(tree, tmp_path):
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / "far.mp4").touch()
    tree("anna/squat.mp4")
    (tree.folder / "anna" / "out.mp4").symlink_to(tmp_path / "elsewhere" / "far.mp4")
    (tree.folder / "anna" / "twice.mp4").symlink_to(tree.folder / "anna" / "squat.mp4")
    (tree.folder / "linked").symlink_to(tmp_path / "elsewhere")
    (tree.folder / "round").symlink_to(tree.folder)
    plan = tree()
    assert whose(plan, tree.folder) == {"anna/squat.mp4": "anna"}
    assert sorted(plan.skipped.values()) == ["a link that leads out of the folder", "the same file as another clip"]


def test_the_nearest_intake_below_the_root_is_the_clients(tree):
    plan = tree("intake.toml", "anna/intake.toml", "anna/deep/a.mp4", "ben/intake.json", "ben/b.mp4", "cleo/c.mp4")
    told = {job.client: job.intake and job.intake.relative_to(tree.folder).as_posix() for job in plan.jobs}
    assert told == {"anna": "anna/intake.toml", "ben": "ben/intake.json", "cleo": None}


def test_a_folder_without_clips_is_told(tree):
    with pytest.raises(SourceError, match="holds no video"):
        tree("anna/notes.txt")


def test_clips_of_one_name_do_not_share_a_folder(tree):
    plan = tree("anna/squat.mp4", "anna/squat.mov", "Anna/squat.mp4")
    folders = [str(job.folder).casefold() for job in plan.jobs]
    assert len(set(folders)) == len(folders) == 3
    assert folders == [str(job.folder).casefold() for job in tree().jobs], "the next run finds them again"


@pytest.mark.parametrize("name", NAMES)
def test_a_folder_name_stays_inside_and_short(name, tmp_path):
    made = safe(name)
    assert "/" not in made
    assert made not in ("", ".", "..")
    assert len(made.encode()) <= 120
    (tmp_path / made).mkdir()
    assert (tmp_path / made).resolve().parent == tmp_path.resolve()


def test_a_manifest_gives_each_line_a_job(manifest, tmp_path):
    (tmp_path / "anna.toml").write_text("age = 30\n", "utf-8")
    rows = [
        {"client": "Anna", "clip": "a b/squat.mp4", "movement": "squat", "view": "front", "intake": "anna.toml"},
        {"client": "../Ben", "clip": "../far.mp4", "side": "left", "group": "first visit"},
    ]
    anna, ben = plan_manifest(manifest(rows), tmp_path / "out", Options()).jobs
    assert (anna.clip, anna.movement, anna.view, anna.intake) == (
        tmp_path / "a b" / "squat.mp4",
        "squat",
        "front",
        tmp_path / "anna.toml",
    )
    assert (ben.clip, ben.side, ben.group) == (tmp_path.parent / "far.mp4", "left", "first visit")
    assert ben.folder.resolve().is_relative_to(tmp_path / "out")


@pytest.mark.parametrize(
    "text",
    [
        "client;clip\nAnna;a.mp4\n",
        "\ufeffClient,Clip\r\nAnna,a.mp4\r\n\r\n",
        "client\tclip\nAnna\ta.mp4",
        "client,clip,,\nAnna,a.mp4,,\n,,,\n",
        "client,clip,group\nAnna,a.mp4\n",
    ],
)
def test_what_a_spreadsheet_writes_is_read(tmp_path, text):
    (tmp_path / "m.csv").write_bytes(text.encode())
    plan = plan_manifest(tmp_path / "m.csv", tmp_path / "out", Options())
    assert [(job.client, job.clip.name) for job in plan.jobs] == [("Anna", "a.mp4")]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "no column client"),
        ("client,file\nA,a.mp4\n", "no column clip"),
        ("client,clip,leg\nA,a.mp4,left\n", "column 'leg' that means nothing"),
        ("client,clip\n", "lists no clip"),
        ("client,clip\nA,\n", "line 2: a clip is missing"),
        ("client,clip\nA,a.mp4\n,b.mp4\n", "line 3: a client is missing"),
        ("client,clip,movement\nA,a.mp4,sqat\n", "line 2: movement 'sqat' is not known: choose one of"),
        ("client,clip,side\nA,a.mp4,both\n", "line 2: side 'both'"),
        ("client,clip,view\nA,a.mp4,top\n", "line 2: view 'top'"),
        ("client,clip\nA,a.mp4,c,d\n", "line 2: more cells than columns"),
        ("client,clip,,\nA,a.mp4,,c\n", "line 2: more cells than columns"),
        ("client,clip,clip\nA,a.mp4,b.mp4\n", "has two columns clip"),
        ('client,clip\nA,"a.mp4\nB,b.mp4\n', "line 3: .*; is a quote not closed"),
        (f'client,clip\nA,"{"x" * 200_000}', "line 2: .*; is a quote not closed"),
        ("client,clip\nA,.\n", "line 2: clip '.' names no file"),
        ("client,clip\nA,a\0.mp4\n", "line 2: a character that no name can hold"),
    ],
)
def test_a_wrong_manifest_is_told_with_its_line(tmp_path, text, said):
    (tmp_path / "m.csv").write_text(text, "utf-8")
    with pytest.raises(ManifestError, match=said):
        plan_manifest(tmp_path / "m.csv", tmp_path / "out", Options())


def test_a_manifest_that_is_no_text_is_told(tmp_path):
    (tmp_path / "m.csv").write_bytes(b"\xff\xfe\x00PK")
    with pytest.raises(ManifestError, match="not UTF-8"):
        plan_manifest(tmp_path / "m.csv", tmp_path / "out", Options())


def test_a_clip_that_is_listed_twice_is_one_job(manifest, tmp_path):
    (tmp_path / "a.mp4").touch()
    (tmp_path / "link.mp4").symlink_to("a.mp4")
    rows = [
        {"client": "A", "clip": "a.mp4", "side": ""},
        {"client": "A", "clip": "./link.mp4", "side": "left"},
        {"client": "B", "clip": "a.mp4", "side": ""},
    ]
    plan = plan_manifest(manifest(rows), tmp_path / "out", Options())
    assert [(job.client, job.clip.name) for job in plan.jobs] == [("A", "a.mp4"), ("B", "a.mp4")]
    assert plan.skipped == {tmp_path / "link.mp4": "listed twice"}


def test_screens_share_no_folder_with_each_other_nor_with_a_clip(manifest, tmp_path):
    rows = [{"client": who, "clip": f"{who}{n}.mp4", "group": "1"} for who in ("a:b", "a_b") for n in (1, 2)]
    rows += [{"client": "Anna", "clip": clip, "group": "1"} for clip in ("screen 1.mp4", "squat.mp4")]
    jobs = plan_manifest(manifest(rows), tmp_path / "out", Options()).jobs
    screens = plan_screens([Outcome(job, "done", visit=job.group) for job in jobs], tmp_path / "out", Options())
    assert [screen.client for screen in screens] == ["Anna", "a:b", "a_b"]
    assert len({job.folder for job in (*jobs, *screens)}) == 9
