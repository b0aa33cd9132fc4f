"""ec2codec inside other people's programs: one module a host, which it imports only when used."""
