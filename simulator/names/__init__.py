"""Names and addresses of the invented firms, in all the ways in which clerks write them."""
