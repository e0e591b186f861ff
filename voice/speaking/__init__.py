"""Mouth: text to speech, clips rendered ahead, the seam between filler and answer."""
