"""Settings: defaults, both sources, and what is refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.settings import NAMES, load_settings
from index.errors import UsageError

ROOT = Path(__file__).parents[2]


@pytest.fixture(autouse=True)
def bare_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in NAMES:
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def env_file(tmp_path: Path) -> Path:
    return tmp_path / ".env"


def test_the_defaults(env_file: Path) -> None:
    settings = load_settings(env_file)
    assert settings.seeds_dir == Path("seeds")
    assert settings.index_dir == Path(".belegbot/index")
    assert settings.embed_model == "bundled"
    assert settings.telegram_admins == ()
    assert settings.min_confidence is None


def test_the_environment_wins_over_the_file(
    env_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    env_file.write_text(
        "BELEGBOT_SEEDS_DIR=aus-der-datei\nBELEGBOT_EMBED_MODEL=e5\nANDERES=1\n", encoding="utf-8"
    )
    monkeypatch.setenv("BELEGBOT_SEEDS_DIR", "aus-der-umgebung")
    settings = load_settings(env_file)
    assert settings.seeds_dir == Path("aus-der-umgebung")
    assert settings.embed_model == "e5"


@pytest.mark.parametrize(
    ("value", "ids"), [("", ()), ("7", (7,)), ("1, -1002,3", (1, -1002, 3)), ("1,", (1,))]
)
def test_ids_are_separated_by_commas(
    env_file: Path, monkeypatch: pytest.MonkeyPatch, value: str, ids: tuple[int, ...]
) -> None:
    monkeypatch.setenv("BELEGBOT_TELEGRAM_ADMINS", value)
    assert load_settings(env_file).telegram_admins == ids


@pytest.mark.parametrize("name", ["BELEGBOT_SEED_DIR", "BELEGBOT_SEEDSDIR"])
def test_a_misspelt_name_in_the_environment(
    env_file: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setenv(name, "x")
    with pytest.raises(UsageError, match=f"{name}: did you mean BELEGBOT_SEEDS_DIR"):
        load_settings(env_file)


@pytest.mark.parametrize("name", ["BELEGBOT_TELEGRAM_TOKN", "BELEGBT_TELEGRAM_TOKEN"])
def test_a_misspelt_name_in_the_file(env_file: Path, name: str) -> None:
    env_file.write_text(f"{name}=x\n", encoding="utf-8")
    with pytest.raises(UsageError, match=f"{name}: did you mean BELEGBOT_TELEGRAM_TOKEN"):
        load_settings(env_file)


def test_a_secret_never_shows(env_file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BELEGBOT_TELEGRAM_TOKEN", "123:geheim")
    monkeypatch.setenv("BELEGBOT_MIN_CONFIDENCE", "geheim")
    with pytest.raises(UsageError) as caught:
        load_settings(env_file)
    assert "BELEGBOT_MIN_CONFIDENCE" in str(caught.value)
    assert "geheim" not in str(caught.value)
    monkeypatch.delenv("BELEGBOT_MIN_CONFIDENCE")
    assert "geheim" not in repr(load_settings(env_file))


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("BELEGBOT_MIN_CONFIDENCE", "1.5"),
        ("BELEGBOT_MIN_CONFIDENCE", "0,7"),
        ("BELEGBOT_TELEGRAM_ALLOWED", "alle"),
        ("BELEGBOT_TELEGRAM_API_URL", "ftp://example.org"),
    ],
)
def test_a_value_that_does_not_fit_is_one_line(
    env_file: Path, monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(UsageError, match=f"^{name}: ") as caught:
        load_settings(env_file)
    assert "\n" not in str(caught.value)


def test_a_file_that_is_no_text(env_file: Path) -> None:
    env_file.write_bytes(b"BELEGBOT_EMBED_MODEL=\xff\xfe")
    with pytest.raises(UsageError, match="cannot be read"):
        load_settings(env_file)


def test_the_example_names_every_setting_with_its_default(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    example = ROOT / ".env.example"
    lines = example.read_text(encoding="utf-8").splitlines()
    named = {line.partition("=")[0] for line in lines if line and not line.startswith("#")}
    assert named == set(NAMES)
    assert load_settings(example) == load_settings(tmp_path / "none")
