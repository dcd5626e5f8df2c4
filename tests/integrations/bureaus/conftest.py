import pytest

SECRETS = (
    *("TRADECREDIT_TIANYANCHA_TOKEN", "TRADECREDIT_QICHACHA_KEY", "TRADECREDIT_QICHACHA_SECRET"),
    *("TRADECREDIT_QIXINBAO_KEY", "TRADECREDIT_QIXINBAO_SECRET", "TRADECREDIT_GENERIC_TOKEN"),
)


@pytest.fixture
def secrets(monkeypatch):
    for name in SECRETS:
        monkeypatch.setenv(name, f"hush-{name[-8:].lower()}")
