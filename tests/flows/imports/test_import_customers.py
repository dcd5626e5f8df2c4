import pytest

from factories import companies
from tradecredit.apps.dossier import master_data, queries
from tradecredit.core.dossier.drafts import CustomerDraft
from tradecredit.core.kernel.refusal import UnableToError
from tradecredit.flows.imports import import_customers, onboard_customer
from tradecredit.flows.imports.import_customers import CustomerRow
from tradecredit.flows.row_results import RowStatus
from tradecredit.plumbing.access import Role, scope
from tradecredit.plumbing.audit.models import LogEntry
from tradecredit.plumbing.outbox.models import Event

pytestmark = pytest.mark.django_db


def row(code, name="示例甲有限公司", *, parent=None, **fields):
    return CustomerRow(draft=CustomerDraft(code=code, name=name, **fields), parent_code=parent)


@pytest.fixture
def do(company, system_actor):
    def run(*rows):
        return import_customers.import_customers(rows=rows, company=company, actor=system_actor)

    with scope.entered(system_actor):
        yield run


def statuses(result):
    return [found.status.value for found in result.rows]


class TestImportCustomers:
    def test_creates_then_knows_then_changes(self, do):
        assert statuses(do(row("C1", region="华东"))) == ["created"]
        assert statuses(do(row("C1", region="华东"))) == ["unchanged"]
        assert statuses(do(row("C1", region="华南"))) == ["updated"]

        found = queries.customer_by_code("C1")
        assert (found.region, found.version) == ("华南", 2)

    def test_leaves_alone_what_is_not_spoken_of(self, do):
        do(row("C1", region="华东", salesperson="示例张"))
        do(row("C1", name=None, region="华南"))

        found = queries.customer_by_code("C1")
        assert (found.name, found.salesperson) == ("示例甲有限公司", "示例张")

    def test_emits_and_logs_only_what_changed(self, do):
        do(row("C1"), row("C2"))
        do(row("C1"), row("C2", region="华南"))

        assert Event.objects.filter(name="customer.imported").count() == 3
        kinds = LogEntry.objects.order_by("recorded_at", "kind").values_list("kind", flat=True)
        assert sorted(kinds) == ["customer.changed", "customer.created", "customer.created"]

    def test_refuses_a_code_twice_in_a_batch_and_keeps_the_first(self, do):
        result = do(row("C1", region="华东"), row("C1", region="华南"))

        assert statuses(result) == ["created", "refused"]
        assert "row 1" in result.rows[1].words.en
        assert queries.customer_by_code("C1").region == "华东"

    def test_refuses_a_new_customer_without_a_name(self, do):
        (found,) = do(row("C1", name=None)).rows

        assert (found.status, found.field) == (RowStatus.REFUSED, "customer_name")
        assert queries.customer_by_code("C1") is None

    def test_records_a_doubtful_number_and_says_so(self, do):
        (found,) = do(row("C1", uscc="91110000600037341M")).rows

        assert (found.status, found.field) == (RowStatus.CREATED, "uscc")
        assert "check character" in found.words.en
        assert queries.customer_by_code("C1").is_uscc_valid is False

    def test_cleans_a_valid_number(self, do):
        do(row("C1", uscc="9111 0000 6000 37341l"))

        record = queries.customer_by_code("C1")
        assert (record.uscc, record.is_uscc_valid) == ("91110000600037341L", True)

    def test_refuses_a_number_that_a_spreadsheet_has_eaten(self, do):
        assert statuses(do(row("C1", uscc="9.14E+17"))) == ["refused"]

    def test_says_when_two_customers_share_a_number(self, do):
        do(row("C1", uscc="91110000600037341L"))

        (found,) = do(row("C2", uscc="91110000600037341L")).rows

        assert found.status is RowStatus.CREATED
        assert "C1" in found.words.en

    def test_places_customers_in_groups_within_one_batch(self, do):
        result = do(row("BRANCH", parent="COMPANY"), row("COMPANY", parent="GROUP"), row("GROUP"))

        assert statuses(result) == ["created"] * 3
        assert master_data.parents() == {"BRANCH": "COMPANY", "COMPANY": "GROUP"}

    def test_refuses_a_circle_and_records_nothing_of_the_row(self, do):
        do(row("A"), row("B", parent="A"))

        result = do(row("A", region="华南", parent="B"))

        assert statuses(result) == ["refused"]
        assert master_data.parents() == {"B": "A"}
        assert queries.customer_by_code("A").region == ""

    def test_refuses_whoever_names_a_parent_that_is_refused(self, do):
        result = do(row("CHILD", parent="MIDDLE"), row("MIDDLE", parent="NOBODY"), row("GOOD"))

        assert statuses(result) == ["refused", "refused", "created"]

    def test_takes_a_customer_out_of_its_group(self, do):
        do(row("A"), row("B", parent="A"))

        assert statuses(do(row("B", parent=""))) == ["updated"]
        assert master_data.parents() == {}

    def test_sends_few_statements_for_many_rows(self, do, django_assert_max_num_queries):
        rows = [row(f"C{number:04}") for number in range(500)]
        with django_assert_max_num_queries(30):
            assert do(*rows).count(RowStatus.CREATED) == 500


class TestSight:
    def test_refuses_a_code_of_a_customer_out_of_sight(self, do, company):
        do(row("C1", region="华东"))
        other = companies.company("OTHER", "示例另一家")
        stranger = companies.person(other, Role.CREDIT_SPECIALIST)

        result = import_customers.import_customers(rows=[row("C1", "抢注")], company=other, actor=stranger)

        assert [(found.status.value, found.field) for found in result.rows] == [("refused", "customer_code")]
        assert queries.customer_by_code("C1").name == "示例甲有限公司"

    def test_lets_a_salesperson_make_customers_of_their_own(self, do, company):
        clerk = companies.person(company, Role.SALES, row_kind="own", row_value="示例张")

        done = onboard_customer.onboard_customer(row=row("C1"), company=company, actor=clerk)

        assert done.customer.salesperson == "示例张"


class TestOnboardCustomer:
    def test_refuses_to_overwrite_what_somebody_else_changed(self, do, company, system_actor):
        do(row("C1"))
        do(row("C1", region="华南"))

        with pytest.raises(UnableToError) as refused:
            onboard_customer.onboard_customer(
                row=row("C1", region="华东"), company=company, actor=system_actor, expected_version=1
            )

        assert (refused.value.status, refused.value.facts["version"]) == (412, "2")
        assert queries.customer_by_code("C1").region == "华南"

    def test_returns_the_customer_as_it_stands(self, do, company, system_actor):
        done = onboard_customer.onboard_customer(row=row("C1"), company=company, actor=system_actor)

        assert (done.is_new, done.customer.code, done.customer.currency) == (True, "C1", "CNY")

    def test_raises_what_a_row_is_refused_for(self, do, company, system_actor):
        with pytest.raises(UnableToError, match="import the parent first"):
            onboard_customer.onboard_customer(
                row=row("C1", parent="NOBODY"), company=company, actor=system_actor
            )


class TestSearch:
    @pytest.mark.parametrize("typed", ["cqca", "zqca", "重庆", "CHONGQING changan", "c-7", "600037341"])
    def test_finds_by_whatever_people_type(self, do, typed):
        do(row("C-7", "重庆长安示例有限公司", uscc="91110000600037341L"), row("X", "示例乙"))

        assert [found.code for found in queries.search(typed)] == ["C-7"]

    def test_puts_the_exact_code_first(self, do):
        do(row("A1", "示例 B1 工厂"), row("B1", "示例乙"))

        assert [found.code for found in queries.search("b1")] == ["B1", "A1"]

    def test_finds_nobody_for_nothing(self, do):
        do(row("C1"))

        assert queries.search("  ") == ()
