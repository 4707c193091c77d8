"""What a chip model raises when a driver does something that the data sheet forbids or that the model does not have."""


class ModelViolation(AssertionError):
    """A write to a reserved or unimplemented register or bit. Not an OSError, so no driver's recovery swallows it."""
