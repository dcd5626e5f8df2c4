"""The samples that a provider published, its documented codes and its signature."""

import json
from datetime import UTC, date, datetime

import pytest

from tradecredit.core.dossier.bureau.answers import Act
from tradecredit.integrations.bureaus import descriptions, envelopes, signing
from tradecredit.integrations.environment_secrets import Secret

TIANYANCHA = descriptions.load("tianyancha")


@pytest.fixture
def sample(shared_data):
    def read(kind, name):
        path = shared_data / "api_shapes" / "samples" / f"{name}.json"
        document = json.loads(path.read_text(encoding="utf-8"))
        return envelopes.page_of(description=TIANYANCHA, report=TIANYANCHA.reports[kind], document=document)

    return read


class TestSamples:
    def test_dishonest_debtors(self, sample):
        page = sample("dishonest", "tyc_dishonest")

        first = page.findings[0]
        assert (page.act, page.total, page.unreadable) == (Act.DONE, 4, 0)
        assert first.values["case_number"] == "(2018)津0103执1265号"
        assert first.values["court"] == "天津市河西区人民法院"
        assert first.values["document_number"] == "【2017】津仲裁字第0330号"
        assert first.values["behaviour"] == "有履行能力而拒不履行生效法律文书确定义务"
        assert first.values["filed_on"] == "2018-03-02"
        assert first.began_on == date(2018, 7, 23)
        assert "performance" not in first.values
        assert [finding.gaps for finding in page.findings] == [{}, {}]

    def test_the_older_spelling(self, sample):
        (only,) = sample("dishonest", "tyc_dishonest_v3_2017").findings

        assert only.values["behaviour"] == "其他有履行能力而拒不履行生效法律文书确定义务"
        assert only.values["performance"] == "全部未履行"
        assert only.began_on == date(2013, 10, 9)
        assert only.values["filed_on"] == "2013-06-27"

    def test_abnormal_operation_with_its_end(self, sample):
        page = sample("abnormal", "tyc_abnormal")

        assert [finding.began_on for finding in page.findings] == [date(2015, 7, 14), date(2015, 7, 13)]
        assert {finding.ended_on for finding in page.findings} == {date(2016, 4, 15)}
        assert page.findings[0].values["office"] == "长沙市工商行政管理局天心分局"

    def test_no_data_is_an_answer(self, sample):
        page = sample("abnormal", "tyc_no_data")

        assert page.act is Act.EMPTY
        assert page.words.zh == "经查无结果"

    def test_search_results_hold_registry_fields(self, shared_data):
        path = shared_data / "api_shapes" / "samples" / "tyc_search.json"
        items = json.loads(path.read_text(encoding="utf-8"))["result"]["items"]
        report = TIANYANCHA.reports["registry"]

        read = [
            envelopes.page_of(
                description=TIANYANCHA,
                report=report,
                document={"error_code": 0, "reason": "ok", "result": item},
            ).findings[0]
            for item in items
        ]

        assert read[0].values["name"] == "北京百度网讯科技有限公司"
        assert read[0].values["registered_capital"] == "13421280000 CNY"
        assert read[0].values["founded_on"] == "2001-06-05"
        assert "registered_capital" not in read[1].values
        assert read[2].values["name"] == "北京太合音乐文化发展有限公司"
        assert read[2].values["registered_capital"] == "37351363 CNY"


class TestCodes:
    @pytest.mark.parametrize("name", ["tianyancha", "qichacha"])
    def test_every_documented_code_has_its_own_message(self, name):
        codes = descriptions.load(name).codes
        documented = {
            "tianyancha": {"0", *(str(300000 + n) for n in range(11))},
            "qichacha": {
                *(
                    [
                        "200",
                        "201",
                        "202",
                        "205",
                        "207",
                        "208",
                        "209",
                        "213",
                        "214",
                        "215",
                        "218",
                        "219",
                        "199",
                    ]
                ),
                *(str(n) for n in range(101, 125)),
            },
        }[name]

        assert documented <= set(codes)
        assert len({code.words.zh for code in codes.values()}) == len(codes)
        assert len({code.words.en for code in codes.values()}) == len(codes)

    @pytest.mark.parametrize(
        ("name", "code", "act"),
        [
            ("tianyancha", 300000, Act.EMPTY),
            ("tianyancha", "300004", Act.RETRY),
            ("tianyancha", 300005, Act.REFUSED),
            ("tianyancha", 300006, Act.STOPPED),
            ("tianyancha", 300007, Act.QUOTA),
            ("tianyancha", 399999, Act.REFUSED),
            ("qichacha", "201", Act.EMPTY),
            ("qichacha", 205, Act.RETRY),
            ("qichacha", "107", Act.STOPPED),
            ("qichacha", "116", Act.QUOTA),
            ("qixinbao", "201", Act.EMPTY),
        ],
    )
    def test_decide_what_is_done(self, name, code, act):
        description = descriptions.load(name)
        document = {description.code: code, description.message: "…", description.result: None}

        page = envelopes.page_of(
            description=description, report=description.reports["dishonest"], document=document
        )

        assert page.act is act

    def test_no_code_at_all_is_garbage(self):
        page = envelopes.page_of(
            description=TIANYANCHA, report=TIANYANCHA.reports["dishonest"], document={"ok": True}
        )

        assert page.act is Act.GARBAGE


class TestSignature:
    def test_matches_the_published_vector(self):
        sign = signing.signature(key="app-key", time="1712345678", secret=Secret("secret-key"), is_upper=True)

        assert sign == "00DC27C195489BEDDBC61F31F0C86144"

    def test_goes_into_the_documented_headers(self, monkeypatch):
        monkeypatch.setenv("TRADECREDIT_QICHACHA_KEY", "app-key")
        monkeypatch.setenv("TRADECREDIT_QICHACHA_SECRET", "secret-key")

        call = signing.signed(
            descriptions.load("qichacha").auth, moment=datetime.fromtimestamp(1712345678, tz=UTC)
        )

        assert call.headers == {
            "Timespan": "1712345678",
            "Token": "00DC27C195489BEDDBC61F31F0C86144",
        }
        assert call.query == {"key": "app-key"}
        assert "app-key" not in repr(call)

    def test_a_secret_shows_itself_to_nobody(self):
        assert f"{Secret('hush')!s} {Secret('hush')!r}" == "Secret(***) Secret(***)"
