"""Marks on the printed map: each can be read, each is tied to its place."""

import math

from walkapp.kernel import marks
from walkapp.kernel.marks import Ring, Spot, lay_out

HERE = (59.5, 16.0)


def spots(count: int, spread: float = 0.0005) -> list[Spot]:
    return [
        Spot(n, ("deficiency", "safe_place", "proposal")[n % 3], HERE[0] + spread * math.sin(n), HERE[1] + spread * math.cos(3 * n))
        for n in range(1, count + 1)
    ]  # fmt: skip


def closest(plan: marks.MapPlan) -> float:
    places = [(one.x, one.y) for one in plan.marks]
    return min(math.dist(a, b) for i, a in enumerate(places) for b in places[i + 1 :])


def test_no_mark_covers_another() -> None:
    plan = lay_out(spots(40))
    assert plan is not None
    assert closest(plan) >= plan.mark * 0.99


def test_marks_on_the_very_same_spot_part() -> None:
    plan = lay_out([Spot(n, "deficiency", *HERE) for n in range(1, 13)])
    assert plan is not None
    assert closest(plan) >= plan.mark
    assert sum(one.moved for one in plan.marks) >= 11
    assert {(one.true_x, one.true_y) for one in plan.marks} == {(plan.width / 2, plan.height / 2)}


def test_marks_give_way_to_stops_and_stay_on_the_paper() -> None:
    plan = lay_out(spots(60), rings=[Ring(1, "Torget", *HERE)])
    assert plan is not None
    ring = plan.stops[0]
    for one in plan.marks:
        assert math.dist((one.x, one.y), (ring.x, ring.y)) > plan.mark / 2 + marks.STOP_MM / 2 - 0.1
        assert 0 < one.x < plan.width
        assert 0 < one.y < plan.height


def test_five_hundred_points_are_laid_out_in_reasonable_time_with_smaller_marks() -> None:
    plan = lay_out(spots(500))
    assert plan is not None
    assert plan.mark < marks.MARK_MM
    assert len(plan.marks) == 500


def test_a_point_in_the_next_town_does_not_shrink_the_map() -> None:
    route = [(59.5, 16.0), (59.503, 16.004)]
    near = lay_out(spots(5), route=route)
    far = lay_out([*spots(5), Spot(99, "deficiency", 59.9, 17.0)], route=route)
    assert near is not None
    assert far is not None
    assert far.outside == (99,)
    assert far.marks == near.marks


def test_nothing_placed_is_no_map() -> None:
    assert lay_out([]) is None


def test_distances_are_true_and_north_is_up() -> None:
    plan = lay_out([], route=[(59.5, 16.0), (59.5, 16.01), (59.505, 16.0)])
    assert plan is not None
    start, east, north = plan.route
    metres_per_mm = float(plan.scale_text.removesuffix(" m")) / plan.scale_mm
    assert math.isclose(
        (east[0] - start[0]) * metres_per_mm, 0.01 * 111_320 * math.cos(math.radians(59.5)), rel_tol=0.01
    )
    assert math.isclose((start[1] - north[1]) * metres_per_mm, 0.005 * 111_320, rel_tol=0.001)
    assert math.isclose(east[1], start[1], abs_tol=0.01)


def test_the_scale_is_a_round_length() -> None:
    assert [marks.round_length(one) for one in (3, 10, 49, 50, 199, 1000, 7300)] == [10, 10, 20, 50, 100, 1000, 5000]
