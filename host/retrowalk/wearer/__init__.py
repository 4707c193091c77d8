"""The wearer: what a clip at the waist or ankle feels, from a recorded walk or from the walking model."""
