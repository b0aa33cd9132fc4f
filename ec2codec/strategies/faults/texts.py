"""Texts that are no value of their type, each with one thing wrong; and limits, by one.

From the grammars of `ec2codec.scalars`, and from what was seen to slip through servers and clients.
"""

from __future__ import annotations

# What no reader of decimal digits should take: other scripts, blanks, Python's and C's ways to write numbers.
INTEGERS = (
    *("http", "80-90", "+80", "080", "00", "-0", "-01", "--1", "-", "- 1", "8_0", "80.0", "80."),
    *("1e3", "0x50"),
    *("80 ", " 80", "\t80", "80\n", "8 0", "80,", "True", "null", "NaN", "Infinity"),
    *("\u0663", "\uff18\uff10", "\u00bd", "\u00b2", "\u2460", "\u22121", "80\u00a0", "8\u200b0"),
    *("2147483648", "-2147483649", "4294967376", "9" * 5000),
)
# Those that stand where an index belongs; `member` is not one of them (E101), nor is a name of a member.
INDEXES = (
    *("0", "00", "01", "02", "-1", "+1", "foo", "", " 1", "1 ", "1_0", "1a", "0x1", "1e1", "n", "[1]"),
    *("\u00b2", "\u0661", "\uff11", "\u2460", "2147483648", "4294967297", "9" * 300),
)
PROTOCOLS = (
    *("all", "any", "esp", "http", "*", "ip", "tcp,udp", "256", "-2", "06", "+6", "6.0", "-01", "--1", "0x6"),
    *(" tcp", "tcp ", "tcp\n", "\u0666", "\u0130cmp", "\uff54\uff43\uff50", "\u0442cp", "2147483647"),
)
# The service folds case, and takes them.
FOLDED_PROTOCOLS = ("TCP", "Udp", "ICMP", "tCp")
CIDRS = (
    *("10.0.0.0", "10.0.0.0/33", "10.0.0.0/-1", "10.0.0.0/", "/8", "10.0.0.0/08", "10.0.0.0/8/8", "10.0.0/8"),
    *("192.168.1/24", "256.0.0.0/8", "010.0.0.0/8", "10.0.0.00/8", "10.0.0.0.0/8"),
    *("10.0.0.-1/8", "0x0a.0.0.0/8"),
    *("10.0.0.0/255.0.0.0", "10.0.0.0/0.255.255.255", "1.2.3.4/0.0.0.0", "167772160/8", "z127.0.0.1/24"),
    *("::/0", "2001:db8::/32", "::ffff:10.0.0.0/104", "sg-1a2b3c4d", "any", "10.0.0.0-10.0.0.9"),
    *("10.0.0.0/8\n", " 10.0.0.0/8", "10.0.0.0 /8", "10.0.0.0/ 8", "10.0.0.0/%D9%A8", "10.0.0.0/\u0668"),
    *("1\u0660.0.0.0/8", "10,0,0,0/8", "10.0.0.0\\8"),
)
IPV6_CIDRS = (
    *("::", "2001:db8::1", "::/129", "::/-1", "::/", "/64", "::/064", "::/00", "2001:db8::/32/32"),
    *("fe80::1%eth0/64", "fe80::%1/64", "1::2::3/64", ":::/0", "12345::/16", "g::/16", "1:2:3:4:5:6:7/64"),
    *("1:2:3:4:5:6:7:8:9/64", "[::]/0", "10.0.0.0/8", "0.0.0.0/0"),
    *("::ffff:256.0.0.0/96", "::ffff:010.0.0.0/96"),
    *("::/0\n", " ::/0", "::/ffff::", "2001:db8::/\u0663\u0662", "any", ":1/64"),
)
# "{}" stands for the prefix that belongs there.
IDS = (
    *("websrv", "{}-", "{}", "{}-1a2b3c4", "{}-1a2b3c4d5", "{}-0123456789abcdef", "{}-0123456789abcdef01"),
    *("{}-1A2B3C4D", "{}-1a2b3c4g", "{}_1a2b3c4d", "{}1a2b3c4d", "-1a2b3c4d", "x{}-1a2b3c4d", "{}--1a2b3c4"),
    *("{}-1a2b3c4d\n", " {}-1a2b3c4d", "{}-1a2b3c4d ", "{}-1a2b 3c4d", "{}-\uff11a2b3c4d", "i-1a2b3c4d"),
    *("{}-1a2b3c4d,{}-2a2b3c4d", "{}-0x1a2b3c", "1a2b3c4d"),
)
GROUP_NAMES = (
    *("w\u00e9b", "web\tsrv", "web\nsrv", "web\x7f", "\u7f51\u7edc", "web\u00a0srv"),
    *("\u202ebew", "\U0001f600"),
    *("x" * 256, "web\r", "\u00ad"),
)
# Printable ASCII that VPC security groups may not have in their names.
NOT_VPC = tuple("\"%'<>?\\^`|~")
USER_IDS = (
    *("12345678901", "1234567890123", "1234-5678-9012", "123456789012 ", " 123456789012", "123456789012\n"),
    *("12345678901x", "self", "amazon", "amazon-", "amazon_elb", "Amazon-elb", "AMAZON-ELB", "amazon-elb "),
    *("\uff11" * 12, "\u0661" * 12, "+12345678901", "123,456,789,012"),
    *("0x1234567890", "arn:aws:iam::123456789012:root"),
)
BOOLEANS = (
    *("TRUE", "True", "FALSE", "yes", "no", "1", "0", "t", "on", " true", "true ", "true\n", "null"),
    *("tru\u0435", "truefalse", "\uff54rue"),
)
DESCRIPTIONS = (
    *("<b>", "w\u00e9b", "a\nb", "a\tb", "a\x7fb", "d" * 256, "\u00a0"),
    *("\U0001f600", "it's \u2018quoted\u2019"),
    *NOT_VPC,
)
ACTIONS = (
    *("RevokeSecurityGroupIngres", "revokeSecurityGroupIngress", "REVOKESECURITYGROUPINGRESS"),
    *("RevokeSecurityGroupIngress ", " AuthorizeSecurityGroupEgress", "DescribeSecurityGroups", "__class__"),
    *("RevokeSecurityGroup", "AuthorizeSecurityGroupIngress\n", "Authorize\u0405ecurityGroupIngress", "0"),
)
VERSIONS = (
    *("2016-11-16", "2017-01-01", "9999-12-31", "2011", "2011-12", "20111215", "2011/12/15", "15-12-2011"),
    *("2011-12-32", "2011-13-01", "2011-02-29", "2011-00-10", "2011-12-15 ", " 2011-12-15", "2011-12-15\n"),
    *("latest", "2011-12-15/", "2011-1-5", "02011-12-15", "2011-12-1\uff15", "0000-01-01", "-011-12-15"),
)

# As they stand in a query, already escaped. An escape that is not whole, at the end of a value;
CUT_ESCAPES = ("%", "%4", "%%", "%f")
# and anywhere.
BROKEN_ESCAPES = ("%zz", "%u0041", "%-1", "%+1", "% 41", "%\uff11\uff11", "%4g", "%0x41")
NOT_UTF_8 = ("%FF", "%C0%AF", "%ED%A0%80", "%F5%80%80%80", "%E9-", "%80", "%C3%28", "%f0%28%8c%28", "%FE%FF")
NOT_XML = ("%00", "%1B", "%08", "%0B", "%0c", "%1f", "%EF%BF%BE", "%ef%bf%bf", "%0E")
