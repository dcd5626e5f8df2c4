from datetime import date

from tradecredit.core.dossier.bureau import conclusions, reading

DAY = date(2026, 3, 2)


def finding(kind, **item):
    return reading.read(kind=kind, item=item, places={name: (name,) for name in item})


def concluded(kind, *findings, is_complete=True, related=()):
    found = conclusions.of(kind=kind, findings=findings, is_complete=is_complete, as_of=DAY, related=related)
    return {one.name: (one.value, one.valid_from) for one in found}


class TestOf:
    def test_a_listed_debtor_is_one_since_the_first_listing(self):
        first = finding("dishonest", case_number="a", published_on="2025-05-01")
        second = finding("dishonest", case_number="b", published_on="2025-09-01")

        assert concluded("dishonest", first, second) == {"dishonest_debtor": ("yes", date(2025, 5, 1))}

    def test_silence_says_no_only_in_a_whole_answer(self):
        assert concluded("dishonest") == {"dishonest_debtor": ("no", None)}
        assert concluded("dishonest", is_complete=False) == {}

    def test_what_was_removed_no_longer_counts(self):
        removed = finding("abnormal", listed_on="2024-01-05", removed_on="2025-01-05")

        assert concluded("abnormal", removed) == {"abnormal_operation": ("no", None)}

    def test_a_filed_case_with_a_judgment_is_not_pending(self):
        judged = finding("filings", case_number="(2025)示01民初1号", amount="10万元", role="defendant")
        open_case = finding("filings", case_number="(2025)示01民初2号", amount="20万元", role="defendant")
        as_plaintiff = finding("filings", case_number="(2025)示01民初3号", amount="90万元", role="plaintiff")
        judgment = finding("lawsuits", case_number="(2025)示01民初1号")

        assert concluded("filings", judged, open_case, as_plaintiff, related=[judgment]) == {
            "pending_lawsuits": ("1", None),
            "pending_lawsuit_amount": ("200000", None),
        }

    def test_registry_gives_the_years_in_business(self):
        one = finding("registry", name="示例甲", status="存续", founded_on="2016-03-02")

        assert concluded("registry", one)["years_in_business"] == ("10.0", None)


class TestRole:
    def test_is_read_from_the_parties(self):
        case = reading.read(
            kind="filings",
            item={"n": "(2025)示01民初1号", "d": "被告-示例甲（集团）有限公司"},
            places={"case_number": ("n",), "defendants": ("d",)},
            subjects=["示例甲(集团)有限公司"],
        )

        assert case.values["role"] == "defendant"

    def test_is_taken_from_the_bureaus_own_mark(self):
        case = reading.read(
            kind="lawsuits",
            item={"n": "1", "p": "1", "d": "0"},
            places={"case_number": ("n",), "role@plaintiff": ("p",), "role@defendant": ("d",)},
        )

        assert case.values["role"] == "plaintiff"
