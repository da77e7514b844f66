"""Makes what is generated in `docs/`: the data dictionary, the architecture picture and the screenshots."""
