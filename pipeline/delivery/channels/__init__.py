"""One module a channel: how a message is written for it and sent."""
