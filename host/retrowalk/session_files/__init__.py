"""What a session's record files say: blocks, damage, time, and the walk that can be replayed."""
