from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from tradecredit.core.sources import positions

NOW = datetime(2026, 3, 1, 8, tzinfo=UTC)
OVERLAP = timedelta(minutes=10)


def read_window(changes, position, *, now, size):
    """Read a window of (key, changed at) as a system pages it; returns what was read and the position behind it."""
    position, read = positions.opened(position, now=now), []
    while True:
        inside = sorted(
            key
            for key, changed in changes.items()
            if (position.since is None or changed >= position.since)
            and changed < position.until
            and key > int(position.after or 0)
        )
        page = inside[:size]
        read += page
        is_last = len(page) < size
        position = positions.moved(
            position, latest_key=str(page[-1]) if page else "", is_last=is_last, overlap=OVERLAP
        )
        if is_last:
            return read, position


class TestMoved:
    def test_a_page_moves_the_key_and_the_last_one_closes_the_window(self):
        opened = positions.opened(positions.BEGINNING, now=NOW)

        half = positions.moved(opened, latest_key="40", is_last=False, overlap=OVERLAP)
        whole = positions.moved(half, latest_key="", is_last=True, overlap=OVERLAP)

        assert (half.until, half.after, half.is_open) == (NOW, "40", True)
        assert (whole.since, whole.until, whole.after) == (NOW - OVERLAP, None, "")

    def test_a_half_read_window_goes_on_where_it_was(self):
        half = positions.Position(since=None, until=NOW, after="40")

        assert positions.opened(half, now=NOW + timedelta(hours=1)) == half

    def test_is_recorded_and_read_back_unchanged(self):
        import json

        for position in (
            positions.BEGINNING,
            positions.Position(since=NOW, until=NOW + OVERLAP, after="a'b"),
        ):
            assert positions.of(json.loads(position.text())) == position

    @given(
        st.dictionaries(st.integers(1, 60), st.integers(0, 500), max_size=40),
        st.lists(st.tuples(st.integers(1, 60), st.integers(0, 9)), max_size=20),
        st.integers(1, 7),
    )
    def test_no_change_is_ever_missed(self, first, later, size):
        changes = {key: NOW - timedelta(minutes=minutes + 1) for key, minutes in first.items()}
        read, position = read_window(changes, positions.BEGINNING, now=NOW, size=size)
        seen = {key: changes[key] for key in read}
        for step, (key, late) in enumerate(later, start=1):
            now = NOW + timedelta(hours=step)
            # A record may become visible up to ten minutes after its stamp: its transaction began earlier.
            changes[key] = now - timedelta(minutes=late + 1)
            read, position = read_window(changes, position, now=now, size=size)
            seen |= {one: changes[one] for one in read}

        assert seen == changes
