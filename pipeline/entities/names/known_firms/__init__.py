"""Names and words by which forwarders, carriers, terminals, brokers and banks are known."""
