"""How the table of word rarity is counted."""

from bench.word_rarity import rarity


def test_group_of_many_companies_does_not_make_its_brand_common() -> None:
    group = [f"ZORBLAX QUENDLE {place}" for place in range(50)]
    others = [f"BLENDIK{place} MORVANE" for place in range(20)]
    found = dict(rarity([*group, *others]))
    assert found["MORVANE"] == 0
    assert found["ZORBLAX"] == 3
