"""Crashes, storms and load at a size for every day; ``telegram_stress`` has the full one."""

from __future__ import annotations

from pathlib import Path

from tests.bot.telegram_stress import kills, load, storm


async def test_kills_lose_nothing_and_repeat_only_what_was_on_the_wire(tmp_path: Path) -> None:
    result = await kills(tmp_path, count=40, chats=8, per_second=20, times=4)
    assert result.lost() == []
    assert result.off_the_wire() == []
    assert len(result.repeated()) <= len(result.kills)
    assert result.disordered() == 0


async def test_storm_delivers_everything(tmp_path: Path) -> None:
    result, dropped_after_the_work = await storm(tmp_path, count=40, chats=20, per_second=30)
    assert result.lost() == []
    assert len(result.repeated()) <= dropped_after_the_work


async def test_many_at_once_in_order_and_in_time(tmp_path: Path) -> None:
    result = await load(tmp_path, count=60, chats=30, per_second=30)
    assert result.lost() == result.repeated() == []
    assert result.disordered() == 0
