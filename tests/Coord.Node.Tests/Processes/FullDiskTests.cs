namespace Coord.Node.Tests.Processes;

/// <summary>Disks that fill up under load (raft-design P40), by a file of somebody else's.</summary>
public sealed class FullDiskTests : IDisposable
{
    private const int DiskMiB = 24;
    private const long SegmentBytes = 1024 * 1024;

    private readonly LaunchedCluster cluster = new LaunchedCluster()
        .With("limits:segmentBytes", SegmentBytes)
        .With("limits:firstSegmentBytes", SegmentBytes)
        .With("limits:snapshotTriggerBytes", 64 * SegmentBytes);

    [Theory]
    [InlineData("a follower")]
    [InlineData("the leader")]
    [InlineData("all")]
    public void No_acknowledged_write_is_lost_and_writing_resumes(string which)
    {
        using var disks = new SmallDisks(cluster, nodes: 3, DiskMiB);
        cluster.Start();
        var leader = cluster.Leader();
        int[] full = which switch
        {
            "a follower" => [leader % 3 + 1],
            "the leader" => [leader],
            _ => [1, 2, 3],
        };
        using var writing = new WritingClient(cluster.Client((leader + 1) % 3 + 1), bytesEach: 1_000);
        writing.UntilMore(50);
        Assert.All(full, disks.Fill);

        // A node finds out when it needs its next segment, and as soon as a quorum has, no more is written: where
        // segments do not end at the same entry, the third may never need one.
        LaunchedCluster.Until("it, or a quorum of all, says that it is full", () =>
            full.Count(IsFull) > full.Length / 2, () => $"{string.Join('\n', full.Select(cluster.Report))}");
        if (full.Length == 1)
        {
            LaunchedCluster.Until("a leader with room", () => cluster.Leader() != full[0]);
            writing.UntilMore(50);
        }
        else
        {
            LaunchedCluster.Until("the leader names the reason", () =>
                cluster.Report(cluster.Leader())?.GetProperty("not_ready_because").GetString()
                    ?.StartsWith("writes wait for room", StringComparison.Ordinal) == true);
        }

        Assert.All(full, disks.Empty);
        Assert.All(full, node =>
            cluster.Until(node, "has room again", report => !report.GetProperty("storage_full").GetBoolean()));
        writing.UntilMore(50);
        writing.Stop();
        foreach (var node in new[] { 1, 2, 3 })
        {
            cluster.Do("kill", $"{node}");
            cluster.Do("restart", $"{node}");
            cluster.Until(node, "has recovered", report =>
                report.GetProperty("recovering_because").GetString() is null);
            cluster.UntilServing(node);
            Assert.DoesNotContain("recovers", cluster.Log(node), StringComparison.Ordinal);
            writing.AssertKeptBy(cluster.Client(node));
        }
    }

    public void Dispose() => cluster.Dispose();

    private bool IsFull(int node) => cluster.Report(node)?.GetProperty("storage_full").GetBoolean() == true;
}
