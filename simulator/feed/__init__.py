"""The feed: deliveries of a world on release days, as the text and files of the 11 AMS tables."""
