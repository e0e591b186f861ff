"""cascadeflow (MIT) deciding about the same drafts: what its own executor calls between a draft and the larger model.

Both of its paths are there: drafts as tool calls (`ToolComplexityAnalyzer`, `ToolQualityValidator`) and drafts as text
(`ProductionConfidenceEstimator`, `QualityValidator`), with its defaults.
"""

from __future__ import annotations

import importlib
import importlib.util
import logging
import warnings
from collections.abc import Mapping
from typing import Any

from voice.cascade.rules import Evidence, Judgement

SKIPPED = "cascadeflow is not installed (pip install 'cascadeflow>=1.2,<1.3'): its rows are left out"


def available() -> bool:
    """Say whether it is installed."""
    return importlib.util.find_spec("cascadeflow") is not None


def _make(module: str, name: str) -> Any:
    """Make one of its parts, without what it logs and warns of."""
    logging.getLogger("cascadeflow").setLevel(logging.ERROR)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return getattr(importlib.import_module(f"cascadeflow.{module}"), name)()


class ToolCalls:
    """Its tool path.

    Args:
        tools: The arguments of every action of the desk's vocabulary, by name.
    """

    def __init__(self, tools: Mapping[str, tuple[str, ...]]) -> None:
        self._validator = _make("quality.tool_validator", "ToolQualityValidator")
        self._analyzer = _make("routing.tool_complexity", "ToolComplexityAnalyzer")
        self._tools = [
            {
                "name": name,
                "description": name,
                "parameters": {
                    "type": "object",
                    "properties": {key: {"type": "string"} for key in keys},
                    "required": [],
                },
            }
            for name, keys in tools.items()
        ]

    def __call__(self, evidence: Evidence) -> Judgement:
        """Accept or escalate a draft as it would."""
        calls = [{"name": action.name, "arguments": dict(action.args)} for action in evidence.draft.actions]
        level = self._analyzer.analyze_tool_call(evidence.reading.text, self._tools).complexity_level
        found = self._validator.validate_tool_calls(calls, self._tools, level)
        verdict = "accept" if found.is_valid else "escalate"
        return Judgement(verdict, float(found.overall_score), {}, tuple(found.issues), "cascadeflow, tools", "1.2")


class Text:
    """Its text path."""

    def __init__(self) -> None:
        self._estimator = _make("quality.confidence", "ProductionConfidenceEstimator")
        self._validator = _make("quality.quality", "QualityValidator")

    def __call__(self, evidence: Evidence) -> Judgement:
        """Accept or escalate a draft as it would."""
        draft, query = evidence.draft, evidence.reading.text
        sure = self._estimator.estimate(
            draft.text, query, list(draft.logprobs) or None, list(draft.tokens) or None, 0.0, "stop"
        ).final_confidence
        found = self._validator.validate(draft.text, query, sure)
        verdict = "accept" if found.passed else "escalate"
        return Judgement(verdict, float(found.score), {}, (str(found.reason),), "cascadeflow, text", "1.2")
