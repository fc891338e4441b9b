"""References: which transaction a text speaks of."""

from sandbooks.kit.references import References, references_of
from sandbooks.storage import SqliteStore
from sandbooks.world import World

UUID = "4d5e8f60-7a1b-4c2d-9e3f-0a1b2c3d4e5f"


def test_a_reference_is_found_as_a_word_of_its_own_in_any_case() -> None:
    known = References({"r-1": ["r-1"], "r-12": ["r-12"]})
    assert known.carried('{"PrivateNote": "spend R-12, London"}') == ["r-12"]
    assert known.carried("r-123 or tour-1") == []


def test_the_longest_text_that_matches_owns_the_document() -> None:
    known = References({"r-1": ["r-1"], "r-1/b": ["r-1/b"]})
    assert known.owner("memo r-1/b") == "r-1/b"
    assert known.carried("memo r-1/b") == ["r-1/b", "r-1"]


def test_a_uuid_is_also_known_without_its_hyphens() -> None:
    assert References({"taxi": [UUID]}).owner(f"ref {UUID.replace('-', '').upper()}") == "taxi"


def test_nothing_is_found_where_nothing_is_known() -> None:
    assert not References({})
    assert References({"": ["-"]}).owner("anything - at all") is None


def test_a_world_tells_its_references_with_what_stands_for_them() -> None:
    world = World("default", store=SqliteStore())
    world.put("reference", "r-01", ["DOC-77"])
    assert references_of(world).owner("<DocNumber>doc-77</DocNumber>") == "r-01"


def test_references_with_one_beginning_are_found_by_what_sets_them_apart() -> None:
    known = References({f"trip-{number:04}": [f"trip-{number:04}"] for number in range(500)})
    assert known.owner("TRIP-0042") == "trip-0042"
    assert len(list(known._candidates("trip-0042"))) == 1
