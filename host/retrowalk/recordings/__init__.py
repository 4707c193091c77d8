"""Recordings of other sensors: a CSV read, judged, and made into counts of our IMU."""
