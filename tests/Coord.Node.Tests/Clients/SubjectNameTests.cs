using System.Security.Cryptography.X509Certificates;
using Coord.Node.Clients;

namespace Coord.Node.Tests.Clients;

/// <summary>
/// Subjects as Java 17 writes them (<c>getSubjectX500Principal().getName()</c>), recorded from certificates that
/// openssl made: ACLs that ZooKeeper stored must go on matching (zookeeper-protocol 8.2).
/// </summary>
public sealed class SubjectNameTests
{
    [Theory]
    [InlineData(
        "OU=A,O=Example\\, Inc,L=Mitte,ST=Berlin,C=DE",
        "MFExCzAJBgNVBAYTAkRFMQ8wDQYDVQQIDAZCZXJsaW4xDjAMBgNVBAcMBU1pdHRlMRUwEwYDVQQKDAxFeGFtcGxlLCBJbmMxCjAIBgNVBAsM"
        + "AUE=")]
    [InlineData(
        "CN=x,UID=u1,DC=example,DC=com",
        "ME4xEzARBgoJkiaJk/IsZAEZFgNjb20xFzAVBgoJkiaJk/IsZAEZFgdleGFtcGxlMRIwEAYKCZImiZPyLGQBAQwCdTExCjAIBgNVBAMMAXg=")]
    [InlineData(
        "2.5.4.12=#0c024472,2.5.4.5=#13023132,1.2.840.113549.1.9.1=#16056140622e63,"
        + "CN=Jürgen \\\"J\\\" \\<x\\>\\;\\#\\\\\\\\",
        "ME4xHDAaBgNVBAMME0rDvHJnZW4gIkoiIDx4PjsjXFwxFDASBgkqhkiG9w0BCQEWBWFAYi5jMQswCQYDVQQFEwIxMjELMAkGA1UEDAwCRHI=")]
    [InlineData(
        "STREET=S 1,CN=\\ lead and trail\\ ",
        "MCkxGTAXBgNVBAMMECBsZWFkIGFuZCB0cmFpbCAxDDAKBgNVBAkMA1MgMQ==")]
    [InlineData("OU=u+CN=multi,O=o", "MCYxCjAIBgNVBAoMAW8xGDAIBgNVBAsMAXUwDAYDVQQDDAVtdWx0aQ==")]
    [InlineData(
        "2.5.4.46=#130171,2.5.4.43=#0c0149,2.5.4.4=#0c03537572,2.5.4.42=#0c05476976656e,CN=\\#hash\\=1",
        "MEgxEDAOBgNVBAMMByNoYXNoPTExDjAMBgNVBCoMBUdpdmVuMQwwCgYDVQQEDANTdXIxCjAIBgNVBCsMAUkxCjAIBgNVBC4TAXE=")]
    [InlineData("O=x,CN=ünï中", "MB8xETAPBgNVBAMMCMO8bsOv5LitMQowCAYDVQQKDAF4")]
    [InlineData("CN=\\00b\\00m\\00p", "MBExDzANBgNVBAMeBgBiAG0AcA==")]
    [InlineData("CN=t61 \ufffd", "MBAxDjAMBgNVBAMUBXQ2MSDp")]
    [InlineData("", "MAA=")]
    public void A_subject_is_written_as_Java_writes_it(string expected, string encoded) =>
        Assert.Equal(expected, SubjectName.Of(new X500DistinguishedName(Convert.FromBase64String(encoded))));
}
