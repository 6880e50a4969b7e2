"""Periods named in German and English text, by an own small grammar with the clock as argument."""

from index.periods.grammar import Period, dates_in, find_period

__all__ = ["Period", "dates_in", "find_period"]
