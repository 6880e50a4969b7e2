"""Settings from the environment or ``.env``, prefix ``BELEGBOT_``."""

from __future__ import annotations

import difflib
import os
from collections.abc import Iterable
from pathlib import Path
from typing import Annotated

import platformdirs
from dotenv import dotenv_values
from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from index.errors import UsageError

PREFIX = "BELEGBOT_"

Ids = Annotated[tuple[int, ...], NoDecode]


class Settings(BaseSettings):
    """Everything that can be set; ``.env.example`` says what each is for."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX,
        env_ignore_empty=True,
        hide_input_in_errors=True,
        extra="ignore",
        frozen=True,
    )

    seeds_dir: Path = Path("seeds")
    index_dir: Path = Path(".belegbot/index")
    state_dir: Path = Path(".belegbot")
    cache_dir: Path = Field(default_factory=lambda: Path(platformdirs.user_cache_dir("belegbot")))
    min_confidence: float | None = None
    embed_model: str = Field(default="bundled", min_length=1)
    llm_url: str = ""
    llm_model: str = ""
    llm_api_key: SecretStr = SecretStr("")
    telegram_token: SecretStr = SecretStr("")
    telegram_api_url: str = "https://api.telegram.org"
    telegram_admins: Ids = ()
    telegram_allowed: Ids = ()
    webhook_url: str = ""
    webhook_listen: str = "127.0.0.1:8443"

    @field_validator("seeds_dir", "index_dir", "state_dir", "cache_dir")
    @classmethod
    def _home(cls, value: Path) -> Path:
        return value.expanduser()

    @field_validator("min_confidence", mode="before")
    @classmethod
    def _probability(cls, value: object) -> object:
        try:
            if value is None or 0 <= float(str(value)) <= 1:
                return value
        except ValueError:
            pass
        raise ValueError("expected a number from 0 to 1 with a point, such as 0.7")

    @field_validator("telegram_admins", "telegram_allowed", mode="before")
    @classmethod
    def _split_ids(cls, value: object) -> object:
        if not isinstance(value, str):
            return value
        try:
            return tuple(int(part) for part in value.split(",") if part.strip())
        except ValueError:
            raise ValueError("expected whole numbers with commas, such as 1001,-1002") from None

    @field_validator("telegram_api_url", "llm_url", "webhook_url")
    @classmethod
    def _http(cls, value: str) -> str:
        if value and not value.startswith(("http://", "https://")):
            raise ValueError("expected an address that starts with http:// or https://")
        return value.rstrip("/")


NAMES = tuple(PREFIX + name.upper() for name in Settings.model_fields)


def load_settings(env_file: Path = Path(".env")) -> Settings:
    """Reads the settings: the environment wins over the file, the file over the defaults.

    Raises:
        UsageError: An unknown name or a value that does not fit, in one line.
    """
    _refuse_unknown(name for name in os.environ if name.upper().startswith(PREFIX))
    _refuse_unknown(_names_in(env_file))
    try:
        return Settings(_env_file=env_file, _env_file_encoding="utf-8-sig")
    except ValidationError as error:
        raise UsageError(_one_line(error)) from None


def _names_in(env_file: Path) -> list[str]:
    """The names in the file that are ours or look it; other programs' lines are not our concern."""
    try:
        names = list(dotenv_values(env_file, encoding="utf-8-sig"))
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"{env_file} cannot be read ({error}): save it as UTF-8 text") from None
    return [
        name
        for name in names
        if name.upper().startswith(PREFIX)
        or difflib.get_close_matches(name.upper(), NAMES, n=1, cutoff=0.85)
    ]


def _refuse_unknown(names: Iterable[str]) -> None:
    for name in names:
        if name.upper() not in NAMES:
            near = difflib.get_close_matches(name.upper(), NAMES, n=1, cutoff=0.0)[0]
            raise UsageError(f"unknown setting {name}: did you mean {near}?")


def _one_line(error: ValidationError) -> str:
    """The first thing wrong, without the value (it may be a secret)."""
    first = error.errors(include_input=False, include_url=False)[0]
    name = PREFIX + str(first["loc"][0]).upper() if first["loc"] else "settings"
    return f"{name}: {first['msg'].removeprefix('Value error, ')}"
