curl -s 'http://h/?Action=RevokeSecurityGroupIngress&Version=2016-11-15&GroupId=sg-1a2b3c4d&IpPermissions.1.IpProtocol=tcp&IpPermissions.1.FromPort=22&IpPermissions.1.ToPort=22&IpPermissions.1.IpRanges.1.CidrIp=10.0.0.0%2F8' \
  -H 'x: y'
curl --data 'Action=RevokeSecurityGroupIngress&Version=2016-11-15&GroupId=sg-1a2b3c4d&IpPermissions.1.IpProtocol=tcp&IpPermissions.1.FromPort=22&IpPermissions.1.ToPort=22&IpPermissions.1.IpRanges.1.CidrIp=10.0.0.0%2F8' http://h/
https://ec2.amazonaws.com/?Action=RevokeSecurityGroupIngress
&GroupName=a
&AUTHPARAMS
