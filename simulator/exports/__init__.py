"""The invented world as vendors export it: the headers, forms and defects of each, around invented bills."""
