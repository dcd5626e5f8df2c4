from decimal import Decimal

from core.cash_application.matcher.desks import PUMPS, SISTER, TOOLS
from tradecredit.core.cash_application.matcher import names
from tradecredit.core.cash_application.matcher.names import NameIndex
from tradecredit.core.cash_application.matcher.values import Customer

INDEX = NameIndex(
    (PUMPS, TOOLS, SISTER, Customer(key="west", code="W", name="Example Leeds River Pump Ltd."))
)


class TestBare:
    def test_leaves_out_legal_forms_marks_and_numbers_behind(self) -> None:
        assert names.bare("示例（苏州）泵阀股份有限公司 62220001") == "示例苏州泵阀"
        assert names.bare("Ｅｘａｍｐｌｅ Pumps Co., Ltd.") == "EXAMPLEPUMPS"
        assert names.bare("示例集团有限公司") == "示例"

    def test_keeps_a_name_that_is_nothing_but_its_form(self) -> None:
        assert names.bare("公司") == "公司"
        assert names.bare("Limited") == "LIMITED"


class TestNamed:
    def test_knows_a_name_without_its_form_and_in_wide_letters(self) -> None:
        assert INDEX.named("示例苏州宏盛泵阀") == {"pumps"}
        assert INDEX.named("ＥＸＡＭＰＬＥ Leeds River Pump GmbH") == {"west"}
        assert INDEX.named("") == frozenset()


class TestReadOut:
    def test_knows_a_chinese_name_in_pinyin(self) -> None:
        assert INDEX.read_out("SHILI SUZHOU HONGSHENG BENGFA CO LTD") == {"pumps"}
        assert INDEX.read_out("示例苏州宏盛泵阀") == frozenset()


class TestSimilar:
    def test_finds_a_name_with_one_wrong_character(self) -> None:
        (found,) = INDEX.similar("示例苏州宏钢泵阀有限公司", least=Decimal("0.6"))

        assert found == ("pumps", Decimal(2 * 5) / 14)

    def test_finds_nothing_below_the_likeness_asked_for(self) -> None:
        assert INDEX.similar("示例苏州宏钢泵阀有限公司", least=Decimal("0.8")) == ()


class TestMentioned:
    def test_finds_a_customer_named_in_a_text(self) -> None:
        assert INDEX.mentioned("代示例无锡瑞恒五金付货款") == {"tools"}
        assert INDEX.mentioned("payment for tools") == frozenset()
