"""Texts that stand where a name or a value belongs, and are none, or barely one."""

from __future__ import annotations

VALUES = (
    *("", " ", "0", "-1", "00", "-0", "+80", "8_0", "80 ", "80\n", "1e3", "0x50", "\u0663", "\uff18\uff10"),
    *("65536", "2147483648", "9" * 5000, "True", "TRUE", "tcp", "TCP", "all", "256", "icmpv6", "\u212acp"),
    *("58", "10.0.0.0/8", "10.0.0.1/8", "10.0.0.0", "10.0.0.0/33", "010.0.0.0/8", "::/0", "fe80::1%eth0/64"),
    *("sg-1a2b3c4d", "SG-1A2B3C4D", "sg-", "websrv", "wéb", "123456789012", "1234-5678-9012", "amazon-elb"),
    *("a\x00b", "\x1b[31m", "\ufffe", "\u202e", "a&b", "a=b", "2011-12-15", "2016-11-15", "2017-01-01"),
)
NAMES = (
    *("IpPermissions", "IpPermissions.1", "IpPermissions.1.Groups", "IpPermissions.1.IpRanges.1"),
    *("IpPermissions.0.FromPort", "IpPermissions.01.FromPort", "IpPermissions.².ToPort", "IpPermissions..X"),
    *("IpPermissions.999999999.IpProtocol", "IpPermissions.2147483648.IpProtocol", "IpPermissions.-1.ToPort"),
    *("IpPermissions.member.1.IpProtocol", "IpPermissions.1.UserIdGroupPairs.1.GroupId", "ippermissions.1.X"),
    *("IpPermissions.1.ipprotocol", "Item.1.IpProtocol", "Bogus", "", "GroupName", "CidrIp", "FromPort"),
    *("IpPermissions.1.Ipv6Ranges.1.CidrIpv6", "IpPermissions.1.IpRanges.1.Description", "DryRun", "UserId"),
    *("Signature", "Signature.1", "AWSAccessKeyId", "AUTHPARAMS", "Action", "Version"),
    *("a.b.c.d.e.f.g.h.i", "GroupId.1", "Timestamp", "Expires"),
)
PIECES = (
    *("%", "%zz", "%FF", "%4", "%00", "%C0%AF", "&&&", "=", "=x"),
    *("?", "#", ";", "+=+", "\r\n&\t", "\ud800"),
)
INDEXES = ("0", "01", "+1", "2", "9", "2147483647", "2147483648", "foo", "member", "\uff11", "")
