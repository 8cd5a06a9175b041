using System.Buffers;
using System.Text;
using Coord.Protocol;

namespace Coord.StateMachine.Tests;

/// <summary>A copy of what one entry did.</summary>
internal sealed record Reply(
    ApplyOutcome Outcome, ErrorCode Error, long Zxid, SessionEffect Effect, long SessionId, byte[] Body,
    IReadOnlyList<string> Changes)
{
    /// <summary>What the client reads behind the xid.</summary>
    public required (long Zxid, ErrorCode Error, string Body) Answer { get; init; }

    public static Reply Of(ApplyResult result)
    {
        var body = new ArrayBufferWriter<byte>();
        var writer = new JuteWriter(body);
        result.WriteReplyBody(ref writer);
        writer.Complete();
        Assert.Equal(result.ReplyBodyLength, body.WrittenCount);
        var changes = new List<string>();
        foreach (var change in result.Changes)
            changes.Add($"{change.Type} {Encoding.UTF8.GetString(change.Path)}");

        return new Reply(result.Outcome, result.Error, result.Zxid, result.SessionEffect, result.SessionId,
            body.WrittenSpan.ToArray(), changes)
        {
            Answer = (result.ReplyZxid, result.Error, Convert.ToHexString(body.WrittenSpan)),
        };
    }

    /// <summary>The path that a create or create2 answers with.</summary>
    public string CreatedPath() => Encoding.UTF8.GetString(
        Body.AsSpan(4, System.Buffers.Binary.BinaryPrimitives.ReadInt32BigEndian(Body)));

    public override string ToString() => $"{Outcome} {Error} {Zxid} {Effect} {SessionId} "
        + $"{Convert.ToHexString(Body)} [{string.Join(", ", Changes)}]";
}
