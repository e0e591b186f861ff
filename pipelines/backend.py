"""Pipecat's own pair of models, as its documentation shows it: what the cascade is measured against.

The cheapest tier holds the conversation and hands over what needs tools or thought; the dearest one does that with the
tools, and what it has to say is told by the first in its own words.
"""

from __future__ import annotations

from pipecat.pipeline.llm_with_backend import LLMWithBackend
from pipecat.pipeline.pipeline import Pipeline
from pipecat.processors.aggregators.llm_context import LLMContext
from pipecat.transports.base_transport import BaseTransport
from pipecat.workers.llm import BackendLLMWorker

from voice.processors.call import Call
from voice.processors.stock import stock_ears, stock_llm, stock_mouth, stock_turns
from voice.processors.tools import BACKEND_INSTRUCTIONS, FRONT_INSTRUCTIONS, desk_tools


def build(transport: BaseTransport, call: Call) -> Pipeline:
    """List the stages in the order audio flows."""
    backend = BackendLLMWorker(
        llm=stock_llm(call, -1, BACKEND_INSTRUCTIONS),
        context=LLMContext(tools=desk_tools(call.desk, call.trace)),
    )
    aggregators = stock_turns(LLMContext())
    return Pipeline(
        [
            transport.input(),
            stock_ears(call.stack.config),
            aggregators.user(),
            LLMWithBackend(frontend=stock_llm(call, 0, FRONT_INSTRUCTIONS), backend=backend),
            stock_mouth(call.stack.config),
            transport.output(),
            aggregators.assistant(),
        ]
    )
