"""The checks of `retrowalk doctor`."""
