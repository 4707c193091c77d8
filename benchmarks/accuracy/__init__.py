"""The measuring of accuracy: recordings and their truth, what ours and the peers find, scores, and the table."""
