"""One model for every turn, stock pipecat as its documentation shows it: what the cascade is measured against.

The dearest tier of the profile answers; ``single-<tier>`` is this pipeline with another.
"""

from __future__ import annotations

from pipecat.pipeline.pipeline import Pipeline
from pipecat.processors.aggregators.llm_context import LLMContext
from pipecat.transports.base_transport import BaseTransport

from voice.processors.call import Call
from voice.processors.stock import stock_ears, stock_llm, stock_mouth, stock_turns
from voice.processors.tools import INSTRUCTIONS, desk_tools


def build(transport: BaseTransport, call: Call) -> Pipeline:
    """List the stages in the order audio flows."""
    aggregators = stock_turns(LLMContext(tools=desk_tools(call.desk, call.trace)))
    return Pipeline(
        [
            transport.input(),
            stock_ears(call.stack.config),
            aggregators.user(),
            stock_llm(call, -1, INSTRUCTIONS),
            stock_mouth(call.stack.config),
            transport.output(),
            aggregators.assistant(),
        ]
    )
