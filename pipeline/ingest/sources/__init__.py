"""Where releases come from: the embedded sample, a folder, a web server, an S3 bucket or an SFTP server."""
