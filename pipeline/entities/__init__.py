"""Who is who: name variants of parties are matched to entities, with recorded, explainable decisions."""
