"""The virtual device."""
