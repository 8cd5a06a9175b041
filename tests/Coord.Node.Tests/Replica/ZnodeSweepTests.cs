using Coord.Node.Replica;
using Coord.Node.Tests.Audit;
using Coord.Protocol;
using Coord.Raft;
using Coord.StateMachine;

namespace Coord.Node.Tests.Replica;

/// <summary>When the leader looks for what is due, and how fast it sweeps (zookeeper-protocol 9.3).</summary>
public class ZnodeSweepTests
{
    private const int Znodes = 50;
    private const long Wall = 1_000_000;

    private readonly ReplicaView view = new(new NodeId(1), processStart: 1);
    private readonly ZnodeTree tree = new();
    private readonly ListLogger log = new();
    private long nextIndex = 1;

    public ZnodeSweepTests() => view.BeginTurn(0, Wall);

    [Fact]
    public void The_first_pass_begins_an_interval_after_the_term()
    {
        var sweep = Begin(Limits(interval: 100));
        Assert.Empty(TakeAt(sweep, 99));
        Assert.Equal(Znodes, TakeAt(sweep, 100).Count);
    }

    [Fact]
    public void A_pass_spreads_its_looks_over_ticks_and_takes_each_znode_once()
    {
        var sweep = Begin(Limits(interval: 100, looks: 20));
        var taken = new List<ReadOnlyMemory<byte>>();
        for (var now = 100; now < 200; now += 10)
            taken.AddRange(TakeAt(sweep, now));
        Assert.Equal(Znodes, taken.Count);
        Assert.Equal(Znodes, taken.Select(entry => Convert.ToHexString(entry.Span)).Distinct().Count());
    }

    [Fact]
    public void Sweeps_keep_to_so_many_a_minute()
    {
        // One in 100 ms.
        var sweep = Begin(Limits(interval: 10, perMinute: 600));
        var taken = 0;
        for (var now = 10; now <= 1_010; now += 10)
        {
            var due = TakeAt(sweep, now);
            Assert.InRange(due.Count, 0, 1);
            taken += due.Count;
        }

        Assert.Equal(10, taken);
    }

    // Danger: with a short interval and a slow quorum one znode gets an entry in each pass.
    [Fact]
    public void What_is_on_its_way_into_the_log_is_not_found_again()
    {
        var sweep = Begin(Limits(interval: 10));
        var due = TakeAt(sweep, 10);
        sweep.Proposed(1, due.Count);
        Assert.Empty(TakeAt(sweep, 500));

        foreach (var entry in due)
        {
            tree.Apply(nextIndex++, Stamped(entry));
            sweep.Applied();
        }

        Assert.Equal(0, tree.SweepableCount);
        Assert.Empty(TakeAt(sweep, 600));
    }

    [Fact]
    public void What_the_core_refused_is_found_again()
    {
        var sweep = Begin(Limits(interval: 10));
        sweep.Proposed(7, TakeAt(sweep, 10).Count);
        for (var token = 7; token < 7 + Znodes; token++)
            sweep.Refused(token);
        sweep.Refused(1_000);
        Assert.Equal(Znodes, TakeAt(sweep, 500).Count);
    }

    [Fact]
    public void A_container_that_was_never_used_is_found_when_the_setting_says_so()
    {
        Create("/box", OpCode.CreateContainer, flags: 4);
        var kept = Begin(Limits(interval: 10));
        Assert.Equal(Znodes, TakeAt(kept, 1_000).Count);
        var swept = Begin(Limits(interval: 10) with { ContainerNeverUsedMax = TimeSpan.FromMilliseconds(500) });
        Assert.Equal(Znodes + 1, TakeAt(swept, 2_000).Count);
    }

    /// <summary>An import creates a znode with a short time to live, and its children a moment later.</summary>
    [Fact]
    public void Nothing_is_swept_while_a_session_holds_sweeps()
    {
        var sweep = Begin(Limits(interval: 10, looks: 20));
        Assert.Equal(20, TakeAt(sweep, 10).Count);
        Create("/zookeeper/sweep-hold", OpCode.Create, flags: 1);
        Assert.Empty(TakeAt(sweep, 20));
        Assert.Empty(TakeAt(sweep, 60_000));
        Assert.Contains("stay while session 0x1 holds sweeps", Assert.Single(log.Spaced), StringComparison.Ordinal);

        tree.Apply(
            nextIndex++, EntryCodec.SessionEnd(Header(EntryCommand.CloseSession, tree.Sessions.Single().Id)));
        Assert.Equal(20, TakeAt(sweep, 60_010).Count);
        Assert.Equal("Sweeps go on: nobody holds them any more", log.Spaced[^1]);
    }

    [Fact]
    public void A_znode_that_would_hold_them_for_ever_does_not()
    {
        var sweep = Begin(Limits(interval: 10));
        Create("/zookeeper/sweep-hold", OpCode.Create, flags: 0);
        Assert.Equal(Znodes, TakeAt(sweep, 10).Count);
        Assert.Empty(log.Spaced);
    }

    private static NodeLimits Limits(int interval, int perMinute = 6_000_000, int looks = 2_000) =>
        NodeLimits.Default with
        {
            SweepInterval = TimeSpan.FromMilliseconds(interval),
            SweepsPerMinuteMax = perMinute,
            SweepLooksPerTickMax = looks,
        };

    private ZnodeSweep Begin(NodeLimits limits)
    {
        if (tree.AppliedIndex == 0 || tree.SweepableCount <= 1)
        {
            for (var i = 0; i < Znodes; i++)
                Create($"/t{i}", OpCode.CreateTtl, flags: 5);
        }

        var sweep = new ZnodeSweep(view, limits, log);
        sweep.Begin();
        return sweep;
    }

    private List<ReadOnlyMemory<byte>> TakeAt(ZnodeSweep sweep, long nowMs)
    {
        view.BeginTurn(nowMs, Wall + nowMs);
        var batch = new List<ReadOnlyMemory<byte>>();
        sweep.TakeDue(tree, batch);
        return batch;
    }

    private byte[] Stamped(ReadOnlyMemory<byte> entry)
    {
        var stamped = entry.ToArray();
        EntryHeader.Patch(stamped, view.WallClockMs, EntryFlags.None);
        return stamped;
    }

    private void Create(string path, OpCode operation, int flags)
    {
        if (tree.SessionCount == 0)
            tree.Apply(nextIndex++, EntryCodec.Session(Header(EntryCommand.CreateSession, 0), 10_000, new byte[32]));
        byte[] request =
        [
            .. Processes.RawClient.I32((int)operation), .. Processes.RawClient.Text(path),
            .. Processes.RawClient.I32(0), .. Processes.RawClient.I32(1), .. Processes.RawClient.I32(31),
            .. Processes.RawClient.Text("world"), .. Processes.RawClient.Text("anyone"),
            .. Processes.RawClient.I32(flags), .. Processes.RawClient.I64(1),
        ];
        var session = tree.Sessions.Single().Id;
        var result = tree.Apply(
            nextIndex++, EntryCodec.Request(Header(EntryCommand.Request, session), [], request));
        Assert.Equal(ErrorCode.Ok, result.Error);
    }

    // The znodes are as old as the leader's first turn.
    private static EntryHeader Header(EntryCommand command, long session) => new()
    {
        Command = command, TimeMs = Wall, SessionId = session, Attachment = session,
    };
}
