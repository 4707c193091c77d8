"""Walking tests on a taped course: what they are, what a session of one shows, and the verb that runs them."""
