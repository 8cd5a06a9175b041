using Coord.Protocol;

namespace Coord.Client.Testing;

/// <summary>
/// What goes wrong between the clients of a <see cref="CoordTestCluster"/> and its nodes. Faults on requests wait for
/// theirs and hit it once, in the order they were asked for; <c>null</c> for the client means any. A request that is
/// lost with its connection meets none. Thread-safe.
/// </summary>
/// <remarks>
/// What chooses paths is called while the whole cluster waits for it, so it must not block. If it throws, the
/// connection of the request is cut, and <see cref="Fault.Hit"/> fails with the exception. Multis, pings, closes and
/// requests about watches have no path to choose by.
/// </remarks>
public sealed class Faults
{
    private readonly Lock gate = new();
    private readonly List<Fault> waiting = [];
    private readonly Dictionary<RequestKind, int> seen = [];
    private readonly InProcessCluster cluster;
    private Func<RequestKind, FaultKind?>? chance;

    internal Faults(InProcessCluster cluster) => this.cluster = cluster;

    /// <summary>Carries the next such request out and cuts its connection instead of replying: done, and unknown to the
    /// client.</summary>
    /// <param name="client">Whose; null: anybody's.</param>
    /// <param name="kind">What it asks for.</param>
    /// <param name="path">Which paths, as the server sees them; null: any.</param>
    /// <returns>The fault.</returns>
    /// <exception cref="ArgumentException">Another cluster's client, or a path where requests have none.</exception>
    public Fault DropNextReply(ICoordClient? client, RequestKind kind, Func<string, bool>? path = null) =>
        Add(new Fault(FaultKind.DropReply, client, kind, path));

    /// <summary>Cuts the connection of the next such request, which is not carried out.</summary>
    /// <param name="client">Whose; null: anybody's.</param>
    /// <param name="kind">What it asks for.</param>
    /// <param name="path">Which paths, as the server sees them; null: any.</param>
    /// <returns>The fault.</returns>
    /// <exception cref="ArgumentException">Another cluster's client, or a path where requests have none.</exception>
    public Fault DropNextRequest(ICoordClient? client, RequestKind kind, Func<string, bool>? path = null) =>
        Add(new Fault(FaultKind.DropRequest, client, kind, path));

    /// <summary>
    /// Cuts the connection of the next such request, which stays on its way until <see cref="Fault.Deliver"/>: it then
    /// arrives behind what the client sends on its next connection.
    /// </summary>
    /// <param name="client">Whose; null: anybody's.</param>
    /// <param name="kind">What it asks for.</param>
    /// <param name="path">Which paths, as the server sees them; null: any.</param>
    /// <returns>The fault.</returns>
    /// <exception cref="ArgumentException">Another cluster's client, or a path where requests have none.</exception>
    public Fault HoldBackNextRequest(ICoordClient? client, RequestKind kind, Func<string, bool>? path = null) =>
        Add(new Fault(FaultKind.HoldBack, client, kind, path));

    /// <summary>
    /// Carries the next such request out; its connection stays open, and nothing passes on it from then on.
    /// </summary>
    /// <param name="client">Whose; null: anybody's.</param>
    /// <param name="kind">What it asks for.</param>
    /// <param name="path">Which paths, as the server sees them; null: any.</param>
    /// <returns>The fault.</returns>
    /// <exception cref="ArgumentException">Another cluster's client, or a path where requests have none.</exception>
    public Fault SwallowNextReply(ICoordClient? client, RequestKind kind, Func<string, bool>? path = null) =>
        Add(new Fault(FaultKind.SwallowReply, client, kind, path));

    /// <summary>Answers the next such request with an error; it is not carried out.</summary>
    /// <param name="client">Whose; null: anybody's.</param>
    /// <param name="kind">What it asks for.</param>
    /// <param name="error">The answer.</param>
    /// <param name="path">Which paths, as the server sees them; null: any.</param>
    /// <returns>The fault.</returns>
    /// <exception cref="ArgumentException">Another cluster's client, or a path where requests have none.</exception>
    public Fault RefuseNext(
        ICoordClient? client, RequestKind kind, ErrorCode error, Func<string, bool>? path = null) =>
        Add(new Fault(FaultKind.Refuse, client, kind, path) { Error = error });

    /// <summary>
    /// Lets the next such request arrive later, by the cluster's time, and with it all that its connection carries
    /// behind it. They are lost if the connection is cut or silent by then; that the client has left it does not stop
    /// them.
    /// </summary>
    /// <param name="kind">What it asks for.</param>
    /// <param name="by">How much later.</param>
    /// <param name="client">Whose; null: anybody's.</param>
    /// <returns>The fault. It is hit when the request has arrived, and canceled when it was lost.</returns>
    /// <exception cref="ArgumentException">Another cluster's client.</exception>
    public Fault Delay(RequestKind kind, TimeSpan by, ICoordClient? client = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(by, TimeSpan.Zero);
        return Add(new Fault(FaultKind.Delay, client, kind, path: null) { By = by });
    }

    /// <summary>
    /// From now on a share of such requests is lost with its connection, half of them before and half of them after
    /// they are carried out. Takes the place of an earlier call.
    /// </summary>
    /// <param name="share">Which part of them, 0 to 1; 0 ends it.</param>
    /// <param name="seed">The same seed decides the same for the same requests.</param>
    /// <param name="kinds">Which requests.</param>
    public void DropAtRandom(double share, int seed, params RequestKind[] kinds)
    {
        ArgumentNullException.ThrowIfNull(kinds);
        if (share is not (>= 0 and <= 1))
            throw new ArgumentOutOfRangeException(nameof(share), share, "A share from 0 to 1.");
        var random = new Random(seed);
        lock (gate)
        {
            chance = kind => kinds.Contains(kind) && random.NextDouble() < share
                ? random.Next(2) == 0 ? FaultKind.DropReply : FaultKind.DropRequest
                : null;
        }
    }

    /// <summary>Cuts the client's connection; it may come back at once.</summary>
    /// <param name="client">A client of this cluster.</param>
    public void Cut(ICoordClient client) => With(client, entrance => entrance.CutAll());

    /// <summary>Closes each new connection of the client, until <see cref="Heal"/>; the present one stays.</summary>
    /// <param name="client">A client of this cluster.</param>
    public void ShutOut(ICoordClient client) => With(client, entrance => entrance.IsShut = true);

    /// <summary>Cuts the client's connection, and closes each new one, until <see cref="Heal"/>.</summary>
    /// <param name="client">A client of this cluster.</param>
    public void Partition(ICoordClient client) => With(client, entrance =>
    {
        entrance.IsShut = true;
        entrance.CutAll();
    });

    /// <summary>
    /// Lets nothing pass in either direction, with connections left open, until <see cref="Heal"/>: the client finds
    /// out by what it does not hear.
    /// </summary>
    /// <param name="client">A client of this cluster.</param>
    public void Silence(ICoordClient client) => With(client, entrance => entrance.IsSilent = true);

    /// <summary>
    /// Ends <see cref="ShutOut"/>, <see cref="Partition"/> and <see cref="Silence"/>; connections that lost something
    /// end.
    /// </summary>
    /// <param name="client">A client of this cluster.</param>
    public void Heal(ICoordClient client) => With(client, entrance =>
    {
        entrance.IsShut = false;
        entrance.IsSilent = false;
        entrance.CutSilent();
    });

    /// <summary>
    /// How many requests of a kind have arrived so far: with those that a fault hit and the syncs of
    /// <see cref="CoordTestCluster.PassAsync(TimeSpan, CancellationToken)"/>, without those that were lost on a
    /// connection that was cut or silent by then.
    /// </summary>
    /// <param name="kind">What they ask for.</param>
    /// <param name="client">Whose; null: everybody's.</param>
    /// <returns>Their number.</returns>
    public int CountOf(RequestKind kind, ICoordClient? client = null)
    {
        lock (gate)
        {
            if (client is null)
                return seen.GetValueOrDefault(kind);
            return cluster.Served.TryGetValue(client, out var from) ? from.Seen.GetValueOrDefault(kind) : 0;
        }
    }

    /// <summary>What a request runs into that is sure to arrive; null: nothing.</summary>
    internal Fault? Take(Entrance from, RequestLook request)
    {
        lock (gate)
        {
            var fault = waiting.Find(each => each.Request == request.Kind
                && (each.Client is null || each.Client == from.Client) && each.IsFor(request.Path));
            if (fault is not null)
                waiting.Remove(fault);
            else if (chance?.Invoke(request.Kind) is { } drawn)
                fault = new Fault(drawn, client: null, request.Kind, path: null);
            return fault;
        }
    }

    internal void Count(Entrance from, RequestKind kind)
    {
        lock (gate)
        {
            seen[kind] = seen.GetValueOrDefault(kind) + 1;
            from.Seen[kind] = from.Seen.GetValueOrDefault(kind) + 1;
        }
    }

    internal Entrance EntranceOf(ICoordClient client)
    {
        ArgumentNullException.ThrowIfNull(client);
        return cluster.Served.TryGetValue(client, out var entrance)
            ? entrance
            : throw new ArgumentException(
                "Not a client that this cluster made: use CoordTestCluster.CreateClient.", nameof(client));
    }

    private Fault Add(Fault fault)
    {
        if (fault.Client is not null)
            EntranceOf(fault.Client);
        if (fault.Path is not null && !RequestLook.HasPath(fault.Request))
            throw new ArgumentException($"Requests of the kind {fault.Request} have no path to choose by.");
        lock (gate)
            waiting.Add(fault);
        return fault;
    }

    private void With(ICoordClient client, Action<Entrance> action)
    {
        var entrance = EntranceOf(client);
        cluster.Do(() => action(entrance));
    }
}
