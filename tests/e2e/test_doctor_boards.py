"""`retrowalk doctor` on a device that is well and on each that is not: what it prints and how it ends."""

import json

import pytest

from retrowalk import imu_config
from retrowalk.contact import remote
from retrowalk.contact.transport import Transport
from retrowalk.virtual.device import VirtualDevice

pytestmark = pytest.mark.slow


@pytest.fixture
def doctor(clip_class, tmp_path):
    """doctor(board, faults, prepare, expect, ...) -> (printed text, {name: finding}, what it said on stderr)."""

    def examine(board="feather_s3", faults=(), expect=0, prepare=None, speed=25, **device_options):
        with VirtualDevice(tmp_path / "flash.bin", tmp_path / "port", board, speed=speed, **device_options) as device:
            for fault in faults:
                device.fault(fault)
            clip = clip_class(device, tmp_path / "archive")
            clip.wait_state("idle")
            if prepare is not None:
                with Transport(clip.port) as transport:
                    prepare(transport)
                clip.wait_state("idle")
            text = clip.retrowalk("doctor", expect=expect)
            said = clip.said[-1]
            clip.wait_state("idle")
            told = json.loads(clip.retrowalk("doctor", "--json", expect=expect))
            assert told["ok"] is (expect == 0)
            clip.wait_state("idle")
            return text, {each["name"]: each for each in told["findings"]}, said

    return examine


def test_healthy(doctor):
    # Five times as fast as life: a busy computer's 80 ms would be two seconds of a slow flash at 25.
    text, found, _ = doctor(speed=5)
    for name in ("i2c bus", "motion sensor", "motor driver", "battery gauge", "battery", "flash", "flash speed"):
        assert found[name]["level"] == "ok", found[name]
    chips = "0x36 MAX17048, 0x5a DRV2605L, 0x6a LSM6DSOX"
    assert f"found {chips}; expected {chips}" in text
    assert "kB/s; 4 kB took" in text and "FAIL" not in text


def test_healthy_without_gauge_and_with_the_motor_on_a_pin(doctor):
    text, found, _ = doctor("m5stickc_plus2")
    assert "found 0x68 MPU6886; expected 0x68 MPU6886" in text
    assert found["battery"]["text"] == "3900 mV" and "battery gauge" not in found
    assert "pin 26; whether a motor hangs on it only a hand can tell" in text


def test_no_imu_draws_the_wires(doctor):
    text, found, said = doctor(faults=["imu_absent"], expect=1)
    assert found["motion sensor"]["level"] == "fail"
    assert "LSM6DSOX does not answer at 0x6a" in text
    assert "Next: check its cable and both plugs as drawn" in text
    for wire in ("GPIO 3 SDA ", "GPIO 4 SCL ", "3V3 (on with GPIO 7 high)", "GND "):
        (line,) = [each for each in text.splitlines() if wire in each]
        assert "---" in line
    assert len(found["motion sensor"]["drawing"]) == 5
    assert "Not well: motion sensor." in said


def test_no_imu_on_a_board_that_has_it_inside(doctor):
    text, found, _ = doctor("m5stickc_plus2", faults=["imu_absent"], expect=1)
    assert "MPU6886 does not answer at 0x68" in text
    assert "it sits on the board itself" in text and found["motion sensor"]["drawing"] == []


def test_wrong_imu_names_it_and_the_one_next_step(doctor):
    text, found, _ = doctor(faults=["wrong_imu"], expect=1)
    assert "a different one: MPU6886 at 0x68, but this board expects LSM6DSOX at 0x6a" in text
    assert 'set IMU = "mpu6886" and IMU_ADDRESS = 0x68 in firmware/boards/feather_s3.py' in text
    assert found["motion sensor"]["drawing"] == []


def test_no_motor(doctor):
    text, found, said = doctor(faults=["motor_absent"], expect=1)
    assert "DRV2605L does not answer at 0x5a" in text and found["motor driver"]["drawing"]
    assert found["faults"]["level"] == "warn" and "motor_absent" in found["faults"]["text"]
    assert "Not well: motor driver." in said


def test_a_stuck_bus(doctor):
    text, found, _ = doctor(faults=["bus_dead"], expect=1)
    assert "a chip holds its data line low" in text
    assert "motion sensor" not in found, "nothing is said of chips that nobody could ask"


def test_low_battery_warns(doctor):
    text, found, _ = doctor(battery_mv=3420)
    assert found["battery"]["level"] == "warn"
    assert "3420 mV" in text and "Next: charge it before the next walk." in text


def test_full_flash(doctor):
    def fill(device):
        device.run(
            "import os\nv=os.statvfs('/')\nf=open('/filler','wb')\nb=bytes(4096)\n"
            "for n in range(v[3]*v[0]//4096-9):\n f.write(b)\nf.close()\n",
        )

    text, found, said = doctor(expect=1, prepare=fill)
    assert found["flash"]["level"] == "fail" and "no walk can be recorded" in text
    assert "retrowalk sync --prune" in found["flash"]["next_step"]
    assert "not timed, there is too little room" in found["flash speed"]["text"]
    assert "Not well: flash." in said


def test_a_bmi270_without_its_configuration(doctor):
    text, found, _ = doctor(
        "virtual_bmi270", expect=1, prepare=lambda d: remote.remove_files(d, [imu_config.DEVICE_PATH])
    )
    assert "the BMI270's configuration is missing on the device; it cannot start" in text
    assert "retrowalk flash --bmi270-config FILE" in found["sensor setup"]["next_step"]


def test_old_firmware(doctor):
    text, found, _ = doctor(prepare=lambda device: device.write_file("/a/boards/virtual.py", b"# of last year\n"))
    assert found["app files"]["level"] == "warn"
    assert "1 differ from those of this computer" in text and "Next: `retrowalk flash`." in text


@pytest.mark.long
def test_flash_puts_the_bmi270_configuration_there(clip_class, tmp_path):
    path = tmp_path / "config.bin"
    path.write_bytes(bytes(reversed(range(256))) * 32)
    with VirtualDevice(tmp_path / "flash.bin", tmp_path / "port", "virtual_bmi270", speed=25) as device:
        clip = clip_class(device, tmp_path / "archive")
        clip.wait_state("idle")
        with Transport(clip.port) as transport:
            remote.remove_files(transport, [imu_config.DEVICE_PATH])
        # The self-test runs at the prompt, where every step of a program takes its real time, times the speed.
        device.set_speed(1)
        clip.retrowalk("flash", "--yes", "--bmi270-config", path)
        clip.wait_state("idle")
        assert "Bosch's configuration is on the device" in clip.retrowalk("doctor")
        with Transport(clip.port) as transport:
            got = bytearray()
            transport.read_file(imu_config.DEVICE_PATH, got.extend)
        assert bytes(got) == path.read_bytes()
