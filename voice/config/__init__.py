"""One typed config, read from one TOML profile. The environment is read once, in `load`.

A profile that names an unknown key, a wrong value or a missing environment variable is refused with its line.
"""

from voice.config.loading import PROFILES, ConfigError, load, of_the_airline, profiles
from voice.config.parts import (
    BackgroundSettings,
    DeskSettings,
    PolicySettings,
    SttSettings,
    TraceSettings,
    TtsSettings,
    TurnEndSettings,
)
from voice.config.tiers import Endpoint, TierSettings
from voice.config.whole import Config

__all__ = [
    "PROFILES",
    "BackgroundSettings",
    "Config",
    "ConfigError",
    "DeskSettings",
    "Endpoint",
    "PolicySettings",
    "SttSettings",
    "TierSettings",
    "TraceSettings",
    "TtsSettings",
    "TurnEndSettings",
    "load",
    "of_the_airline",
    "profiles",
]
