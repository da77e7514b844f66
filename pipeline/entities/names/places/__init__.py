"""Where a party is: country, state, city and postal codes from the columns and the text of an address."""
