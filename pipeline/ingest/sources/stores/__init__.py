"""Object stores and file servers: the `s3://` and `sftp://` sources."""
