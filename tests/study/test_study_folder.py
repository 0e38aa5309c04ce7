"""Folders that get their name when they are complete."""

import os

import pytest

from busim.errors import InputError
from busim.study.folder import draft, free_name


def test_nothing_has_the_name_before_the_end(tmp_path):
    """While it is written a folder stands beside its place; after ``finish`` at its place, and nothing beside."""
    place = tmp_path / "day"
    with draft(place) as folder:
        (folder.path / "a").write_text("a")
        assert not place.exists()
        assert folder.path.parent == tmp_path
        folder.finish()
    assert [path.name for path in tmp_path.iterdir()] == ["day"]
    assert (place / "a").read_text() == "a"


@pytest.mark.parametrize("error", [ValueError, KeyboardInterrupt, SystemExit])
def test_an_exception_leaves_nothing(tmp_path, error):
    """Whatever ends the writing early, nothing stays, not even folders made on the way."""
    with pytest.raises(error), draft(tmp_path / "new" / "deep" / "day"):
        raise error
    assert list(tmp_path.iterdir()) == []


def test_folders_that_stood_there_stay(tmp_path):
    """Only empty folders made on the way go; others stay."""
    (tmp_path / "runs").mkdir()
    with pytest.raises(ValueError, match="no"), draft(tmp_path / "runs" / "day"):
        raise ValueError("no")
    assert [path.name for path in tmp_path.iterdir()] == ["runs"]


def test_a_taken_place_is_refused_at_once(tmp_path):
    """A file, or a folder with something in it, is not overwritten; an empty folder is taken over."""
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "x").write_text("")
    (tmp_path / "empty").mkdir()
    (tmp_path / "file").write_text("")
    for name in ("full", "file", "full/x"):
        with pytest.raises(InputError, match="exists already"), draft(tmp_path / name):
            pytest.fail("the body must not run")
    with draft(tmp_path / "empty") as folder:
        folder.finish()
    assert (tmp_path / "full" / "x").exists()


def test_a_place_taken_meanwhile(tmp_path):
    """A default name takes the next number if another run was faster; an asked name is an error."""
    for is_default in (True, False):
        place = tmp_path / f"day{is_default}"
        with draft(place, is_default=is_default) as folder:
            place.mkdir()
            (place / "x").write_text("")
            if is_default:
                assert folder.finish() == tmp_path / "dayTrue-2"
            else:
                with pytest.raises(InputError, match="cannot be made"):
                    folder.finish()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["dayFalse", "dayTrue", "dayTrue-2"]


def test_partial_replaces_an_earlier_one(tmp_path):
    """What is kept of a failed run stands under its own name, the newest only."""
    for text in ("first", "second"):
        with draft(tmp_path / "day") as folder:
            (folder.path / "log").write_text(text)
            assert folder.finish_partial() == tmp_path / "day.partial"
    assert (tmp_path / "day.partial" / "log").read_text() == "second"
    assert not (tmp_path / "day").exists()


def test_a_full_disk_names_the_file(tmp_path):
    """An error of the system becomes bad input with the place."""
    with pytest.raises(InputError, match="No space left") as caught, draft(tmp_path / "day") as folder:
        raise OSError(28, "No space left on device", str(folder.path / "events.npz"))
    assert "events.npz" in str(caught.value)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may write anywhere")
def test_a_forbidden_folder_is_told(tmp_path):
    """A folder without write permission is told before anything runs."""
    tmp_path.chmod(0o500)
    with pytest.raises(InputError, match="cannot be written"), draft(tmp_path / "day"):
        pytest.fail("the body must not run")
    tmp_path.chmod(0o700)


def test_free_names_count_up(tmp_path):
    """The first free of name, name-2, name-3."""
    for expected in ("day", "day-2", "day-3"):
        place = free_name(tmp_path / "day")
        assert place.name == expected
        place.mkdir()
