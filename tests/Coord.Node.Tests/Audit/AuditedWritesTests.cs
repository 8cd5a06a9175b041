using Coord.Node.Audit;
using Coord.Node.Tests.Processes;
using Coord.Protocol;

namespace Coord.Node.Tests.Audit;

/// <summary>A request may be a thousand times as long as the line about it.</summary>
public sealed class AuditedWritesTests
{
    [Theory]
    [InlineData("/zookeeper/quota/a/zookeeper_limits", true)]
    [InlineData("/a", false)]
    public void An_addition_below_the_quotas_is_told_of_also_with_a_number(string path, bool isTold)
    {
        byte[] add =
        [
            .. RawClient.I32((int)OpCode.CounterAdd), .. RawClient.Text(path), .. new byte[32], .. RawClient.I32(0),
        ];
        byte[] once = [.. RawClient.I32((int)OpCode.Once), .. new byte[7], 1, .. new byte[8], .. add];

        string[] told = isTold ? ["counterAdd"] : [];
        Assert.Equal(told, AuditedWrites.In(OpCode.CounterAdd, add).Select(write => write.Operation));
        Assert.Equal(told, AuditedWrites.In(OpCode.Once, once).Select(write => write.Operation));
    }

    [Fact]
    public void What_a_multi_checks_is_passed_over()
    {
        byte[] multi =
        [
            .. RawClient.I32((int)OpCode.Multi), .. Part(OpCode.CheckAbsent), .. RawClient.Text("/zookeeper/quota/b"),
            .. Part(OpCode.CheckChildren), .. RawClient.Text("/zookeeper/quota"), .. RawClient.I32(2),
            .. Part(OpCode.Delete), .. RawClient.Text("/zookeeper/quota/a"), .. RawClient.I32(-1),
            .. Part(OpCode.Error, 1),
        ];
        Assert.Equal("delete", Assert.Single(AuditedWrites.In(OpCode.Multi, multi)).Operation);
    }

    [Fact]
    public void No_more_is_kept_of_a_request_than_a_line_shows()
    {
        var path = "/" + new string('p', 900_000);
        var entries = Enumerable.Range(0, 2_000).SelectMany(entry =>
            (byte[])[.. RawClient.I32(31), .. RawClient.Text("digest"), .. RawClient.Text($"user{entry}:hash")]);
        byte[] body =
        [
            .. RawClient.I32((int)OpCode.SetAcl), .. RawClient.Text(path), .. RawClient.I32(2_000), .. entries,
            .. RawClient.I32(-1),
        ];
        var write = Assert.Single(AuditedWrites.In(OpCode.SetAcl, body));
        var audited = new AuditEvent(1, [], write.Operation, true) { Path = write.Path, Acl = write.Acl };
        Assert.InRange(audited.Bytes, 1_024, 32 * 1_024);
        var line = AuditText.Of(audited);
        Assert.InRange(line.Length, 1_024, 4_096);
        Assert.StartsWith(
            $"session=0x1\tuser=\tip=unknown\toperation=setAcl\tznode={path[..LogText.CharactersMax]}...\tacl=digest:",
            line, StringComparison.Ordinal);
    }

    private static byte[] Part(OpCode type, byte isLast = 0) =>
        [.. RawClient.I32((int)type), isLast, .. RawClient.I32(-1)];
}
