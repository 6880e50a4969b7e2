"""Periods named in German and English text, by an own small grammar with the clock as argument."""

from index.periods.grammar import Period, dates_in, find_period
from index.periods.spelling import spelt

__all__ = ["Period", "dates_in", "find_period", "spelt"]
