"""The simulator: an invented world of shipments, written as AMS files, for the embedded sample, tests and benchmarks.

A bill's way through these files: `firms` ship to each other along `relations`, in `bookings` of a week, which come as
`versions` on release days; the deliveries of some days (`feed`) become the text of the 11 tables (`tables`), of which a
few rows are broken on purpose (`damage`), and which is packed into the files of each day (`packing`) for the `sample:`
source (`source`) or a folder (`writer`). `stories` are placed by hand; `truth` gives tests what the records hide.
"""

from simulator.world.span import FIRST_RELEASE, LAST_CLOSED_WEEK, LAST_RELEASE

__all__ = ["FIRST_RELEASE", "LAST_CLOSED_WEEK", "LAST_RELEASE"]
