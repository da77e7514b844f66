"""Addresses that are not on the public internet, in the forms that resolvers return."""

PRIVATE = [
    "10.0.0.7",
    "172.16.3.4",
    "192.168.1.1",
    "169.254.169.254",
    "100.64.0.1",
    "127.0.0.1",
    "0.0.0.0",
    "224.0.0.1",
    "::1",
    "fe80::1",
    "fd00:ec2::254",
    "::ffff:10.0.0.7",
    "64:ff9b::a9fe:a9fe",
    "2002:a9fe:a9fe::1",
]
