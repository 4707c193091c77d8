"""Deploying into two copies, on real MicroPython and LittleFS: what travels, what is copied, what never changes."""

import json

import pytest
from bench_made import KEPT, Bench, app

from retrowalk.deploying import tree
from retrowalk.deploying.carry import require_room
from retrowalk.deploying.plan import make_plan
from retrowalk.deploying.slots import read_slots
from retrowalk.errors import FailedError


@pytest.fixture
def bench():
    with Bench() as made:
        yield made


def copy_in(bench: Bench, slot: str) -> dict[str, str]:
    root = f"/{slot}/"
    return {path.removeprefix(root): text for path, text in bench.files().items() if path.startswith(root)}


def expected(version: str, **more: bytes) -> dict[str, str]:
    files = app(version, **more)
    return {**{path: data.decode() for path, data in files.items()}, "release.json": tree.release_of(files).decode()}


def plan_for(bench: Bench, version: str):
    return make_plan(bench, read_slots(bench), app(version), "virtual")  # type: ignore[arg-type]


def test_everything_arrives_and_the_data_stays(bench):
    bench.deploy("v1")
    assert copy_in(bench, "a") == expected("v1")
    files = bench.files()
    assert {path: files[path] for path in KEPT} == KEPT
    assert files["/board.txt"] == "virtual\n"
    assert files["/main.py"] == tree.guard().decode()
    rest = {path for path in files if not path.startswith("/a/")} - set(KEPT)
    assert rest == {"/board.txt", "/main.py", "/slots.json"}, "nothing temporary is left"
    assert bench.boot() == [["v1", "a", False]]


def test_the_second_time_changes_nothing(bench):
    bench.deploy("v1")
    bench.boot()
    before = bench.files()
    plan = bench.deploy("v1")
    assert plan.is_empty()
    assert bench.sent == []
    assert bench.files() == before


def test_an_update_goes_beside_the_version_that_runs_and_only_what_differs_travels(bench):
    bench.deploy("v1")
    bench.boot()
    before = copy_in(bench, "a")
    plan = bench.deploy("v2")
    assert sorted(bench.sent) == sorted(
        ["/b/app/part.py", "/b/retrogait/__init__.py", "/b/drivers/only_v2.py", "/b/release.json"]
    )
    assert len(plan.copies) == 3, "start, board and the driver that is the same"
    assert copy_in(bench, "a") == before
    assert copy_in(bench, "b") == expected("v2")
    assert bench.boot() == [["v2", "b", True]]
    assert bench.deploy("v3").slot == "a"
    assert copy_in(bench, "a") == expected("v3"), "the file that only version 1 had is gone"


def test_a_version_that_was_given_up_can_be_tried_again_and_nothing_travels(bench):
    bench.deploy("v1")
    bench.boot()
    bench.deploy("v2")
    assert bench.boot(v2="crash")[-1] == ["v1", "a", False]
    assert bench.state()["failed"] == "b"
    plan = bench.deploy("v2")
    assert (plan.n_bytes(), len(plan.copies)) == (0, 0)
    assert bench.state() == {**bench.state(), "slot": "b", "good": False, "starts": 0, "failed": "", "back": "a"}
    assert bench.boot() == [["v2", "b", True]]


def test_a_deploy_over_a_version_on_trial_leaves_the_good_one_alone(bench):
    bench.deploy("v1")
    bench.boot()
    bench.deploy("v2")
    plan = bench.deploy("v3")
    assert plan.slot == "b"
    assert copy_in(bench, "a") == expected("v1")
    assert bench.boot(v3="crash")[-1] == ["v1", "a", False]


def test_whether_the_sensor_was_there_is_carried_over(bench):
    bench.deploy("v1")
    bench.boot()
    assert bench.state()["imu"] is True
    bench.deploy("v2")
    assert bench.state()["imu"] is True


def test_a_file_that_arrives_broken_once_is_sent_again(bench):
    bench.spoil["/a/app/part.py"] = 1
    bench.deploy("v1")
    assert copy_in(bench, "a") == expected("v1")


@pytest.mark.parametrize("path", ["/b/app/part.py", "/b/release.json"])
def test_a_file_that_never_arrives_intact_changes_nothing_of_what_starts(bench, path):
    bench.deploy("v1")
    bench.boot()
    bench.spoil[path] = 2
    with pytest.raises(FailedError, match=r"did not arrive intact.*still starts") as caught:
        bench.deploy("v2")
    assert path in caught.value.message
    assert bench.state()["slot"] == "a"
    assert bench.boot() == [["v1", "a", False]]
    bench.spoil.clear()
    bench.deploy("v2")
    assert bench.boot() == [["v2", "b", True]], "the next try goes on from there"


def test_a_flash_without_room_is_refused_before_anything_is_written(bench):
    bench.deploy("v1")
    bench.boot()
    plan = plan_for(bench, "v2")
    require_room(plan, 1 << 20)
    with pytest.raises(FailedError, match=r"has 64 kB free; a second copy of the app needs \d+ kB") as caught:
        require_room(plan, 1 << 16)
    assert "sync --prune" in caught.value.next_step
    assert caught.value.exit_code == 1


def test_room_is_not_asked_for_where_nothing_changes(bench):
    bench.deploy("v1")
    require_room(plan_for(bench, "v1"), 0)


def test_what_the_copy_frees_counts(bench):
    bench.deploy("v1")
    bench.boot()
    bench.deploy("v2")
    bench.boot()
    plan = plan_for(bench, "v3")
    fresh = plan.copied_sizes + [len(data) for data in plan.writes.values()]
    assert len(plan.freed_sizes) >= len(fresh), "each file of version 1 is overwritten or goes"
    require_room(plan, 64 * 1024)


@pytest.mark.parametrize("text", ["", "{", "7", '{"slot": "../x", "back": ""}', json.dumps({"slot": 1})])
def test_a_damaged_state_is_no_hindrance(bench, text):
    bench.deploy("v1")
    bench.boot()
    bench.put({"/slots.json": text})
    assert bench.deploy("v2").slot == "b"
    assert bench.boot() == [["v2", "b", True]]


def test_a_release_that_tells_another_content_is_renewed_beside_it(bench):
    bench.deploy("v1")
    bench.boot()
    bench.put({"/a/release.json": '{"version": "9", "content": "0", "kind": "py"}'})
    assert bench.deploy("v1").slot == "b"
    assert copy_in(bench, "b") == expected("v1")


def test_another_board_is_noted(bench):
    bench.deploy("v1")
    plan = bench.deploy("v1", board="feather_s3")
    assert plan.then is None
    assert bench.files()["/board.txt"] == "feather_s3\n"
