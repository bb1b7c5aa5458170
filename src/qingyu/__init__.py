"""Qingyu 晴雨: one accountable desk for public services."""

__version__ = "0.1.0"
