from tradecredit.core.dossier.likeness import names, pairs
from tradecredit.core.dossier.likeness.pairs import Party
from tradecredit.doors.cli.bench import alike_customers

SURE = 85


def points(one, other):
    found = pairs.find([one, other], least=0)
    return found[0].points if found else 0


class TestParts:
    def test_take_place_and_form_away(self):
        parts = names.parts("示例省示例市恒达机电设备有限公司")

        assert (parts.stem, parts.heart) == ("恒达机电设备", "恒达")

    def test_keep_a_short_name_whole(self):
        assert names.parts("恒达").stem == "恒达"

    def test_read_full_width_and_brackets(self):
        assert names.parts("ＡＢＣ（示例）有限公司").whole == "abc示例有限公司"


class TestCompare:
    def test_the_number_decides_for(self):
        same = "91330106311245339J"

        assert points(Party(id="1", name="甲甲", uscc=same), Party(id="2", name="乙乙", uscc=same)) == 100

    def test_the_number_decides_against(self):
        one = Party(id="1", name="示例恒达有限公司", uscc="91330106311245339J")
        other = Party(id="2", name="示例恒达有限公司", uscc="91440300334945450M")

        assert points(one, other) == 0

    def test_a_ruined_number_decides_nothing(self):
        one = Party(id="1", name="示例恒达有限公司", uscc="91330106311245339J")
        other = Party(id="2", name="示例恒达有限公司", uscc="913301063112453390")

        assert points(one, other) == 88

    def test_neighbours_are_two(self):
        one = Party(id="1", name="恒达机电有限公司", phones=("0571-88881234",), address="示例路一百号大厦")
        other = Party(id="2", name="瑞丰食品有限公司", phones=("0571-88881234",), address="示例路一百号大厦")

        assert points(one, other) == 0

    def test_a_former_name_is_the_same_customer(self):
        one = Party(id="1", name="恒达机电有限公司")
        other = Party(id="2", name="远航新材料有限公司", former_names=("恒达机电有限公司",))

        assert points(one, other) == 90


class TestFind:
    def test_finds_the_planted_duplicates_and_hardly_anything_else(self):
        book, truth = alike_customers.book(count=1500, duplicates=120, seed=7)

        found = {frozenset((pair.one, pair.other)) for pair in pairs.find(book, least=SURE)}

        right = len(found & truth)
        assert right / len(truth) >= 0.95
        assert right / len(found) >= 0.98
