"""Of whom a text speaks, for or against, by which words, and whether it was told before."""

from __future__ import annotations

import pytest

from tradecredit.core.dossier import news
from tradecredit.core.dossier.news import Judgement, Lexicon, Monitor, Names, Weighted
from tradecredit.core.kernel.policy_document import Node
from tradecredit.core.kernel.refusal import PolicyError

LEXICON = Lexicon(
    words=(
        Weighted(word="破产申请", points=-4, topic="insolvency"),
        Weighted(word="破产", points=-4, topic="insolvency"),
        Weighted(word="逾期", points=-3, topic="default"),
        Weighted(word="中标", points=2, topic="growth"),
        Weighted(word="裁员", points=-1, topic="management"),
    ),
    turning=("否认", "不存在"),
    reach=6,
    from_points=2,
    fresh_days=90,
    same_days=7,
    same_percent=80,
)


class TestJudge:
    """For or against, with the words that decided."""

    @pytest.mark.parametrize(
        ("text", "polarity", "words"),
        [
            ("法院受理示例公司破产申请", "negative", [("破产申请", -4, "")]),
            ("公司否认破产传闻", "neutral", [("破产", 0, "否认")]),
            ("公司否认传闻。破产案已受理", "negative", [("破产", -4, "")]),
            ("公司否认破产，但破产已获受理", "negative", [("破产", -4, "")]),
            ("示例公司中标大项目", "positive", [("中标", 2, "")]),
            ("示例公司裁员", "neutral", [("裁员", -1, "")]),
            ("逾期，逾期，还是逾期，中标", "neutral", [("逾期", -3, ""), ("中标", 2, "")]),
            ("天气晴", "neutral", []),
        ],
    )
    def test_each_word_counts_once_unless_it_is_turned(self, text, polarity, words):
        found = news.judge(text, by=LEXICON)

        assert found.polarity == polarity
        assert [(one.word, one.points, one.turned_by) for one in found.words] == words
        assert found.score == sum(points for _, points, _ in words)

    def test_width_and_case_do_not_matter(self):
        by = Lexicon(
            words=(Weighted(word="Default", points=-3, topic="default"),),
            turning=(),
            reach=0,
            from_points=2,
            fresh_days=1,
            same_days=1,
            same_percent=80,
        )

        assert news.judge("ＤＥＦＡＵＬＴ", by=by).polarity == "negative"


class TestWatched:
    """Monitors."""

    def test_a_word_is_enough_and_an_excluded_one_forbids(self):
        monitors = (
            Monitor(code="steel", label="钢材", any_of=("钢价", "螺纹钢"), none_of=("广告",)),
            Monitor(code="port", label="港口", any_of=("停航",)),
        )

        assert [one.code for one in news.watched("钢价大跌", monitors=monitors)] == ["steel"]
        assert news.watched("广告：钢价大跌", monitors=monitors) == ()

    def test_a_monitors_side_goes_before_the_words_and_the_worst_of_several_counts(self):
        said = Judgement(polarity="positive", score=2)
        for_it = Monitor(code="a", label="a", any_of=("x",), polarity="positive")
        against = Monitor(code="b", label="b", any_of=("x",), polarity="negative")

        assert news.overruled(said, monitors=[for_it, against]).polarity == "negative"
        assert news.overruled(said, monitors=[Monitor(code="c", label="c", any_of=("x",))]) == said


class TestNames:
    """Names in texts."""

    def test_the_longest_name_at_a_place_counts(self):
        names = Names({"恒达机电": "C1", "恒达机电设备": "C2"})

        assert names.in_text("昨日，恒达 机电·设备 宣布") == {"C2": "恒达机电设备"}
        assert names.in_text("恒达机电宣布") == {"C1": "恒达机电"}
        assert names.in_text("无关") == {}

    def test_only_the_sentences_about_somebody_are_judged_where_others_are_named(self):
        names = Names({"恒达机电设备": "C1", "长安五金制品": "C2"})
        text = "恒达机电设备中标地铁项目。长安五金制品逾期未付货款。"

        of_first = news.about(title="行业简报", text=text, whose="C1", names=names)
        of_second = news.about(title="行业简报", text=text, whose="C2", names=names)

        assert news.judge(of_first, by=LEXICON).polarity == "positive"
        assert news.judge(of_second, by=LEXICON).polarity == "negative"


class TestStories:
    """The same story told elsewhere."""

    def test_outlets_and_marks_do_not_make_another_story(self):
        assert news.story_of("示例公司 破产！ - 示例财经网") == news.story_of("示例公司破产｜示例日报")
        assert news.story_of("示例公司破产") != news.story_of("示例公司中标")

    def test_headlines_that_share_most_pairs_are_alike(self):
        first = "示例恒达机电设备被法院受理破产申请"

        assert news.is_alike(first, "示例恒达机电设备被法院裁定受理破产申请", percent=80)
        assert not news.is_alike(first, "示例恒达机电设备中标地铁项目", percent=80)
        assert not news.is_alike("", "", percent=1)


class TestLexicon:
    """The policy's section."""

    def test_words_stand_the_longest_first(self):
        document = {
            "words": [{"topic": "insolvency", "points": "-4", "any_of": ["破产", "破产申请"]}],
            "turned_by": ["否认"],
            "reach": 8,
            "from_points": 2,
            "fresh_days": 90,
            "same_days": 7,
            "same_percent": 80,
        }

        found = news.lexicon(Node(document, "news"))

        assert [(one.word, one.points) for one in found.words] == [("破产申请", -4), ("破产", -4)]
        with pytest.raises(PolicyError, match="news"):
            news.lexicon(Node({**document, "reach": "many"}, "news"))
