"""The report of a benchmark as one page: agents side by side, how long callers waited, and every turn to hear."""

from voice.bench.report_page.page import PAGE, render, write_report_page

__all__ = ["PAGE", "render", "write_report_page"]
