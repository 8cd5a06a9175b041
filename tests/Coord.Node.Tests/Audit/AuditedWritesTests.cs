using Coord.Node.Audit;
using Coord.Node.Tests.Processes;
using Coord.Protocol;

namespace Coord.Node.Tests.Audit;

/// <summary>A request may be a thousand times as long as the line about it.</summary>
public sealed class AuditedWritesTests
{
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
}
