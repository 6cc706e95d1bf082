import os
import time

import pytest

from cofactor.loaders.atomic import UNFINISHED, remove_unfinished, write_text_whole, written_whole


def test_a_file_appears_whole(tmp_path):
    target = tmp_path / "deep" / "file.txt"
    with written_whole(target) as temporary:
        temporary.write_text("half")
        assert not target.exists()
        temporary.write_text("whole")
    assert target.read_text() == "whole"
    assert [path.name for path in target.parent.iterdir()] == ["file.txt"]


def test_an_error_leaves_the_former_file_and_nothing_else(tmp_path):
    target = tmp_path / "file.txt"
    write_text_whole(target, "former")

    def fails():
        with written_whole(target) as temporary:
            temporary.write_text("new")
            raise OSError(28, "No space left on device")

    with pytest.raises(OSError, match="No space"):
        fails()
    assert target.read_text() == "former"
    assert list(tmp_path.iterdir()) == [target]


def test_what_a_killed_process_left_goes_after_an_hour(tmp_path):
    old, new = (tmp_path / f".a.{name}{UNFINISHED}" for name in ("old", "new"))
    for path in (old, new):
        path.write_text("")
    hours_ago = time.time() - 7200
    os.utime(old, (hours_ago, hours_ago))
    remove_unfinished(tmp_path)
    assert list(tmp_path.iterdir()) == [new]
