import pytest

from factories import flows
from tradecredit.core.approvals.diagrams import reading, shadows
from tradecredit.integrations import policy_packs

OWN = flows.chain(look=flows.person(roles="cfo"))
SHIPPED = policy_packs.load_pack("authority-matrix")["flows"]["credit_limit"]


class TestPut:
    @pytest.mark.parametrize("text", [OWN, SHIPPED], ids=["chain", "shipped"])
    def test_marks_the_process_and_unmarks_it_byte_for_byte(self, text):
        marked = shadows.put(text, is_shadow=True)

        assert reading.read(marked).is_shadow
        assert not reading.read(text).is_shadow
        assert reading.read(marked).nodes == reading.read(text).nodes
        assert shadows.put(marked, is_shadow=False) == text

    def test_changes_nothing_that_is_so_already(self):
        marked = shadows.put(OWN, is_shadow=True)

        assert shadows.put(marked, is_shadow=True) == marked
        assert shadows.put(OWN, is_shadow=False) == OWN

    def test_names_our_attributes_where_the_picture_has_none_yet(self):
        foreign = OWN.replace(f' xmlns:tc="{reading.OURS}"', "").replace("tc:", "data-")

        assert reading.read(shadows.put(foreign, is_shadow=True)).is_shadow
