"""Makes calls: starts agents, speaks as a recorded caller does, and tells on the terminal how it goes."""
