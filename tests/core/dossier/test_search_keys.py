import pytest

from tradecredit.core.dossier import search_keys


class TestSearchText:
    @pytest.mark.parametrize(
        ("name", "typed"),
        [
            ("重庆长安", "cqca"),
            ("重庆长安", "chongqingchangan"),
            ("厦门示例贸易有限公司", "xmsl"),
            ("蚌埠示例玻璃", "bbsl"),
            ("乐清示例电器", "yueqing"),
            ("六安示例物流", "luan"),
            ("单县示例化工", "shanxian"),
            ("会稽示例酒业", "kuaiji"),
            ("仇示例", "qiu"),
            ("万俟示例", "moqi"),
            ("ＡＢＣ示例", "abcshili"),
        ],
    )
    def test_finds_a_name_by_what_people_type(self, name, typed):
        assert typed in search_keys.search_text(name=name, code="C1")

    def test_holds_name_code_and_number(self):
        text = search_keys.search_text(name="示例 甲", code="C-001", uscc="91110000600037341L")

        assert text.splitlines()[:3] == ["示例甲", "c-001", "91110000600037341l"]

    def test_stays_short_for_long_names_of_many_readings(self):
        assert len(search_keys.search_text(name="重单解行乐" * 40, code="C1")) < 8_001


class TestSortKey:
    def test_is_the_likeliest_pinyin(self):
        assert search_keys.sort_key("重庆示例有限公司") == "chong qing shi li you xian gong si"

    def test_reads_a_persons_surname_as_one(self):
        assert search_keys.sort_key("单示例") == "shan shi li"
