"""The walks on this computer: folders, index, lock, permissions, and what can be said of each without a device."""
