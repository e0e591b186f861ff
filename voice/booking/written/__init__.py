"""What the desk offers those who measure it on labelled turns: see `voice.ports.Resumes` and what stands beside it."""
