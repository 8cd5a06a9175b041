using Coord.JepsenLike.Clients;
using Coord.JepsenLike.Faults;
using Coord.JepsenLike.Histories;
using Coord.JepsenLike.Runs;

namespace Coord.JepsenLike.Workloads;

/// <summary>What a workload is given by its run.</summary>
/// <param name="Options">Of the run.</param>
/// <param name="Cluster">To connect to.</param>
/// <param name="Root">Path of a znode of its own, below which it works.</param>
/// <param name="Recorder">For the history of this workload alone.</param>
/// <param name="Seed">Of this workload; its clients draw theirs from it.</param>
internal sealed record WorkloadContext(
    RunOptions Options, LocalCluster Cluster, string Root, Recorder Recorder, int Seed)
{
    /// <summary>Path of the znode below which every workload has one of its own.</summary>
    public const string Roots = "/jepsen";

    // Fewer would not be in each other's way.
    private const int ClientsMin = 4;

    private readonly List<SessionClient> sessions = [];

    /// <summary>Clients of this workload: all workloads share those of the run.</summary>
    public int Clients => Math.Max(ClientsMin, Options.Clients / Options.Workloads.Count);

    /// <summary>Between two steps of one client: all workloads together keep to the rate of the run.</summary>
    public TimeSpan Interval => TimeSpan.FromSeconds((double)Clients * Options.Workloads.Count / Options.Rate);

    private int passingExpired;

    public int SessionsExpired => passingExpired + sessions.Sum(session => session.Expirations);

    /// <summary>
    /// A session that begins at a node of its own; the run ends it. Every other one hears of members that come and go.
    /// </summary>
    /// <param name="number">Of the client.</param>
    public SessionClient NewSession(int number)
    {
        var first = (number % Cluster.Nodes.Count) + 1;
        var session = new SessionClient(Cluster.Clients.ViewOf(number), first, RunOptions.ReplyTimeout)
        {
            HearsOfMembers = (Seed + number) % 2 == 0,
            RestartsXids = Options.Target.StandsRestartedXids && number % 4 > 0,
        };
        sessions.Add(session);
        return session;
    }

    /// <summary>A session with a timeout of its own, at any node; whoever asks ends it.</summary>
    public SessionClient NewPassingSession(int timeoutMs)
    {
        var view = Cluster.Clients.AnyView(Random.Shared);
        var nodes = view.Members.Keys.ToArray();
        var first = nodes[Random.Shared.Next(nodes.Length)];
        return new SessionClient(view, first, RunOptions.ReplyTimeout, timeoutMs)
        {
            HearsOfMembers = Random.Shared.Next(2) == 0,
            RestartsXids = Options.Target.StandsRestartedXids && Random.Shared.Next(4) > 0,
        };
    }

    /// <summary>Of a session that the run does not keep.</summary>
    public void CountExpired() => Interlocked.Increment(ref passingExpired);

    public void EndSessions() => sessions.ForEach(session => session.Dispose());

    public bool Plants(string fault) => Options.Planted.Contains(fault);
}
