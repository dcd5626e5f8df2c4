import random
from datetime import date

import pytest

from factories import bureaus as wires
from tradecredit.core.dossier.bureau.answers import Act, Question
from tradecredit.core.dossier.bureau.schema import KINDS
from tradecredit.integrations.bureaus import descriptions
from tradecredit.integrations.bureaus.fake import faults
from tradecredit.integrations.bureaus.fake.bureau import FakeBureau

pytestmark = pytest.mark.usefixtures("secrets")
NAME = "示例机械甲有限公司"


def question(provider, kind, **fields):
    return Question(provider=provider, kind=kind, name=NAME, **{"attempts": 2, **fields})


def cases(count):
    return [
        {"case_number": f"(2025)示01执{n}号", "published_on": date(2025, 1, 1), "filed_on": date(2024, 12, 1)}
        for n in range(count)
    ]


class TestAsk:
    @pytest.mark.parametrize("provider", descriptions.NAMES)
    def test_every_report_of_every_provider_comes_back_as_it_was_known(self, provider):
        fake = FakeBureau()
        description = descriptions.load(provider)

        for kind in description.reports:
            answer = wires.client(provider, fake).ask(question(provider, kind))

            assert answer.act in (Act.DONE, Act.EMPTY), (provider, kind, answer.words.en)
            assert answer.is_complete, (provider, kind)
            assert all(not finding.gaps for finding in answer.findings), (provider, kind)

    @pytest.mark.parametrize("provider", descriptions.NAMES)
    def test_reads_to_the_last_page(self, provider):
        fake = FakeBureau(known=lambda _, kind: cases(245) if kind == "dishonest" else None)

        answer = wires.client(provider, fake).ask(question(provider, "dishonest"))

        assert answer.is_complete
        assert len(answer.findings) == 245
        assert fake.calls == (13 if provider != "generic" else 3)
        assert sum(call.is_billed for call in answer.calls) == fake.calls

    def test_takes_no_answer_about_another_company(self):
        fake = FakeBureau(known=lambda *_: [{"name": "示例别家有限公司", "status": "存续"}])

        answer = wires.client("tianyancha", fake).ask(question("tianyancha", "registry"))

        assert answer.act is Act.MISMATCH
        assert answer.findings == ()

    def test_knows_a_company_by_its_former_name(self):
        known = [{"name": "示例新名有限公司", "status": "存续", "former_names": [NAME]}]
        fake = FakeBureau(known=lambda *_: known)

        assert wires.client("qichacha", fake).ask(question("qichacha", "registry")).act is Act.DONE

    def test_fewer_items_than_announced_are_not_a_whole_answer(self):
        fake = FakeBureau(faulty=["short"], rate=1.0, known=lambda *_: cases(8))

        answer = wires.client("tianyancha", fake).ask(question("tianyancha", "dishonest"))

        assert not answer.is_complete

    def test_tries_again_when_the_provider_is_busy(self):
        fake = FakeBureau(faulty=["busy"], rate=1.0)

        answer = wires.client("tianyancha", fake).ask(question("tianyancha", "dishonest", attempts=4))

        assert answer.act is Act.RETRY
        assert [call.attempt for call in answer.calls] == [1, 2, 3, 4]

    def test_a_refused_account_is_asked_once(self):
        fake = FakeBureau(faulty=["denied"], rate=1.0)

        answer = wires.client("qichacha", fake).ask(question("qichacha", "dishonest", attempts=4))

        assert answer.act is Act.STOPPED
        assert len(answer.calls) == 1


class TestFaults:
    """A thousand faulty answers: nothing is raised, and none of them says that something has gone."""

    @pytest.mark.parametrize("seed", range(4))
    def test_a_thousand_faulty_answers_lose_nothing(self, seed):
        fake = FakeBureau(
            faulty=[fault for fault in faults.FAULTS if fault != "types"],
            rate=1.0,
            seed=seed,
            known=lambda _, kind: cases(30) if kind != "registry" else None,
        )
        dice = random.Random(seed)
        seen = 0
        while fake.calls < 250:
            provider = dice.choice(descriptions.NAMES)
            kind = dice.choice(list(descriptions.load(provider).reports))
            answer = wires.client(provider, fake).ask(question(provider, kind))
            seen += 1

            assert KINDS[kind].is_single or not answer.is_complete, (provider, kind, answer.code)
        assert seen > 50

    @pytest.mark.parametrize("provider", descriptions.NAMES)
    def test_changed_types_are_read_all_the_same(self, provider):
        fake = FakeBureau(faulty=["types"], rate=1.0, known=lambda *_: cases(30))

        answer = wires.client(provider, fake).ask(question(provider, "dishonest"))

        assert answer.is_complete
        assert len(answer.findings) == 30


class TestSecrets:
    def test_stand_in_no_answer_and_no_log(self, caplog):
        caplog.set_level("DEBUG")
        fake = FakeBureau(faulty=["code", "busy", "garbage", "timeout"], rate=0.7)

        said = [
            repr(wires.client(provider, fake).ask(question(provider, kind)))
            for provider in descriptions.NAMES
            for kind in ("registry", "dishonest")
        ]

        assert "hush-" not in "".join(said) + caplog.text
