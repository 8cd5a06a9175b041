namespace Coord.Protocol.Tests;

/// <summary>That every operation there is was recorded; what nodes answer to the recordings, tests/Differential asks.
/// </summary>
public class CapturedOperationTests
{
    private static readonly Dictionary<OpCode, string> NeverRecorded = new()
    {
        [OpCode.CreateSession] = "from a client, ZooKeeper begins the session anew and sends no reply",
        [OpCode.Once] = "Coord's own, for servers that announce it",
        [OpCode.RaiseChildCounter] = "Coord's own, for servers that announce it",
        [OpCode.CounterAdd] = "Coord's own, for servers that announce it",
        [OpCode.WatchFrom] = "Coord's own, for servers that announce it",
        [OpCode.BarrierRead] = "Coord's own, for servers that announce it",
        [OpCode.CheckAbsent] = "Coord's own, for servers that announce it",
        [OpCode.CheckChildren] = "Coord's own, for servers that announce it",
        [OpCode.CreateRank] = "Coord's own, for servers that announce it",
    };

    private static readonly Dictionary<OpCode, string> NeverDone = new()
    {
        [OpCode.Notification] = "no request",
        [OpCode.Error] = "no request",
        [OpCode.Check] = "only in a multi, which has no reply of its own for it",
        [OpCode.Reconfig] = "switched off where it was recorded",
        [OpCode.DeleteContainer] = "the server's own",
    };

    [Fact]
    public void Every_operation_is_in_the_recordings_or_has_a_reason_not_to_be()
    {
        var recorded = Frames.SelectMany(Capture.OpsOf).ToHashSet();
        Assert.Empty(Enum.GetValues<OpCode>().Except(recorded).Except(NeverRecorded.Keys));
        Assert.Empty(NeverRecorded.Keys.Intersect(recorded));
    }

    [Fact]
    public void Every_operation_in_the_recordings_was_done_once_and_refused_once()
    {
        var replies = Frames.Where(frame => frame is { IsRequest: false, Op: not null })
            .Select(frame => (Op: frame.Op!.Value, IsDone: IsDone(frame))).ToHashSet();
        var recorded = Frames.SelectMany(Capture.OpsOf).Where(Enum.IsDefined).ToHashSet();
        Assert.All(recorded.Except(NeverDone.Keys), op => Assert.Contains((op, true), replies));
        Assert.All(recorded.Except(NeverRefused), op => Assert.Contains((op, false), replies));
    }

    private static IReadOnlyList<CapturedFrame> Frames { get; } = [.. Capture.OfScripts.SelectMany(Capture.Read)];

    // Nothing speaks against them.
    private static IReadOnlyList<OpCode> NeverRefused { get; } =
        [OpCode.Ping, OpCode.WhoAmI, OpCode.CloseSession, OpCode.Check, OpCode.Sasl];

    private static bool IsDone(CapturedFrame frame)
    {
        var reader = new JuteReader(frame.Payload);
        Assert.True(ReplyHeader.TryRead(ref reader, out var header));
        return header.Err == ErrorCode.Ok;
    }
}
