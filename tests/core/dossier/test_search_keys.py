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


# Places and surnames whose characters have several readings, with the initials that people type.
TYPED = {
    "重庆": "cq", "长沙": "cs", "厦门": "xm", "蚌埠": "bb", "乐清": "yq", "六安": "la", "行唐": "xt", "黄陂": "hp",
    "亳州": "bz", "涪陵": "fl", "郫县": "px", "东莞": "dg", "番禺": "py", "台州": "tz", "丽水": "ls", "莘庄": "xz",
    "单县": "sx", "会稽": "kj", "阿城": "ac", "百色": "bs", "泌阳": "by", "柏乡": "bx", "大埔": "db", "大城": "dc",
    "东阿": "de", "费县": "fx", "高要": "gy", "洪洞": "ht", "华阴": "hy", "济南": "jn", "监利": "jl", "井陉": "jx",
    "筠连": "jl", "阆中": "lz", "乐亭": "lt", "渑池": "mc", "宁波": "nb", "綦江": "qj", "铅山": "ys", "歙县": "sx",
    "什邡": "sf", "石首": "ss", "太湖": "th", "洮南": "tn", "尉氏": "ws", "尉犁": "yl", "瓦房店": "wfd", "涡阳": "gy",
    "浚县": "xx", "燕郊": "yj", "荥阳": "xy", "应县": "yx", "蔚县": "yx", "柞水": "zs", "长治": "cz", "枝江": "zj",
    "仇": "q", "单": "s", "解": "x", "曾": "z", "查": "z", "盖": "g", "任": "r", "朴": "p", "区": "o", "缪": "m",
    "万俟": "mq", "尉迟": "yc", "翟": "z", "召": "s", "员": "y", "种": "c", "黑": "h", "折": "s", "乐": "y", "宁": "n",
}  # fmt: skip


class TestRecall:
    def test_finds_every_place_and_surname_by_its_initials(self):
        missed = [
            name
            for name, initials in TYPED.items()
            if f"{initials}slgs" not in search_keys.search_text(name=f"{name}示例公司", code="C")
        ]

        assert missed == []
