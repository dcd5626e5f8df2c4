import pytest

from tradecredit.core.dossier import verification

POLICY = verification.parse(
    {"verification": {"stages": ["prospect"], "facts": ["registry_status"], "waiver_days_max": 90}}
)


class TestLacking:
    @pytest.mark.parametrize(
        ("stage", "known", "is_waived", "lacking"),
        [("prospect", (), False, ("registry_status",)), ("prospect", ("registry_status",), False, ()),
         ("prospect", (), True, ()), ("trading", (), False, ())],
    )  # fmt: skip
    def test_only_a_new_customer_lacks_what_is_neither_known_nor_waived(
        self, stage, known, is_waived, lacking
    ) -> None:
        assert verification.lacking(POLICY, stage=stage, known=known, is_waived=is_waived) == lacking
