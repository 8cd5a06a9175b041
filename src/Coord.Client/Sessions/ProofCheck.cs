using Coord.Protocol;

namespace Coord.Client;

/// <summary>
/// The heartbeat that proves: a multi of one check, which is a quorum write. Checking a guarded znode also finds out
/// that it is still there. Handled on the connection's thread alone, so that a starved pool delays nothing.
/// </summary>
internal sealed class ProofCheck(string path, ZnodeGuard? guard) : Request
{
    private bool hasEnded;

    internal override OpCode Op => OpCode.Multi;

    internal override ReplyKind Kind => ReplyKind.Write;

    internal override bool HasEnded => hasEnded;

    internal override void WriteBody(ref JuteWriter writer)
    {
        MultiCall.WriteCheck(ref writer, path, version: -1);
        MultiCall.WriteEnd(ref writer);
    }

    internal override void OnReply(long zxid, ErrorCode error, ReadOnlySpan<byte> body)
    {
        hasEnded = true;
        var reader = new JuteReader(body);
        if (guard is not null && error == ErrorCode.Ok && MultiCall.TryReadFirstError(ref reader, out var first)
            && first == ErrorCode.NoNode)
        {
            guard.ReportGoneAtServer(path);
        }
    }

    internal override bool End(RequestEnd end) => hasEnded = true;
}
