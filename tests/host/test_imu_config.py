"""The BMI270's configuration on its way to the device: a file of the right length, verified, or a plain word."""

import pytest

from retrowalk import imu_config
from retrowalk.errors import UsageError


def test_a_file_of_the_right_length_is_read(tmp_path):
    path = tmp_path / "config.bin"
    path.write_bytes(bytes(8192))
    assert imu_config.read(path) == bytes(8192)


def test_another_length_is_refused(tmp_path):
    path = tmp_path / "config.bin"
    path.write_bytes(bytes(8191))
    with pytest.raises(UsageError, match="has 8191 bytes"):
        imu_config.read(path)


def test_a_missing_file_is_refused(tmp_path):
    with pytest.raises(UsageError, match="cannot be read"):
        imu_config.read(tmp_path / "none")
