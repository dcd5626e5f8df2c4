import pytest

from tradecredit.core.dossier import groups

PARENTS = {"branch": "company", "company": "group", "sister": "group"}


class TestChain:
    def test_leads_to_the_top(self):
        assert groups.chain(customer="branch", parents=PARENTS) == ("branch", "company", "group")

    def test_of_a_lone_customer_is_itself(self):
        assert groups.chain(customer="alone", parents=PARENTS) == ("alone",)

    def test_refuses_a_recorded_circle(self):
        with pytest.raises(groups.UnableToJoinGroupError, match="circle"):
            groups.chain(customer="one", parents={"one": "two", "two": "one"})


class TestCheckParent:
    def test_allows_three_levels(self):
        groups.check_parent(customer="newcomer", parent="company", parents=PARENTS)

    def test_refuses_a_fourth_level(self):
        with pytest.raises(groups.UnableToJoinGroupError) as refused:
            groups.check_parent(customer="newcomer", parent="branch", parents=PARENTS)

        assert refused.value.facts["levels"] == "4"

    def test_counts_the_levels_that_come_along(self):
        with pytest.raises(groups.UnableToJoinGroupError, match="4 levels"):
            groups.check_parent(customer="group", parent="holding", parents=PARENTS)

    @pytest.mark.parametrize("parent", ["group", "branch", "company"])
    def test_refuses_a_circle(self, parent):
        with pytest.raises(groups.UnableToJoinGroupError, match="circle"):
            groups.check_parent(customer="group", parent=parent, parents=PARENTS)

    def test_lets_a_customer_move_within_its_group(self):
        groups.check_parent(customer="branch", parent="sister", parents=PARENTS)
