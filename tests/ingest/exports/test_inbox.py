from pipeline.ingest.exports import inbox


def test_files_that_are_still_written_or_hidden_are_left_alone(tmp_path, monkeypatch):
    monkeypatch.setattr(inbox, "SETTLED_S", 0)
    for name in ("a.csv", ".hidden.csv", "b.csv.part", "~$open.xlsx", "c.crdownload"):
        (tmp_path / name).write_text("x")
    (tmp_path / "done").mkdir()
    assert [path.name for path in inbox.waiting_files(tmp_path)] == ["a.csv"]


def test_done_files_are_moved_and_none_is_overwritten(tmp_path):
    for _ in range(2):
        (tmp_path / "a.csv").write_text("x")
        inbox.move_done(tmp_path / "a.csv")
    assert sorted(path.name for path in (tmp_path / "done").iterdir()) == ["a-2.csv", "a.csv"]


def test_refused_files_have_their_reason_beside_them(tmp_path):
    (tmp_path / "a.csv").write_text("x")
    inbox.move_refused(tmp_path / "a.csv", "it is empty")
    assert (tmp_path / "refused" / "a.csv.reason.txt").read_text() == "it is empty\n"
