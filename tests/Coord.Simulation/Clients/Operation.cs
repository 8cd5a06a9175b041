namespace Coord.Simulation.Clients;

/// <summary>One request of a client and what came of it (raft-design T23).</summary>
internal sealed class Operation
{
    public required int Client { get; init; }

    /// <summary>Number of the client's session: order is promised within one.</summary>
    public required int SessionNumber { get; init; }

    public required OperationKind Kind { get; init; }

    public required int Xid { get; init; }

    public string Path { get; init; } = "";

    public string Value { get; init; } = "";

    public bool IsEphemeral { get; init; }

    /// <summary>For a set: the version that it requires, -1 for any.</summary>
    public int RequiredVersion { get; init; } = -1;

    /// <summary>A read that follows a sync in one flight: when the sync was sent; -1 for other reads.</summary>
    public long SyncedSince { get; init; } = -1;

    /// <summary>The session's id; known when it is sent.</summary>
    public long Session { get; init; }

    public required long Invoked { get; init; }

    /// <summary>When the answer came; negative: never, so whether it happened is unknown.</summary>
    public long Completed { get; private set; } = -1;

    public int Error { get; private set; }

    public long Zxid { get; private set; }

    public string ReadValue { get; private set; } = "";

    public ReadStat Stat { get; private set; }

    public bool IsAnswered => Completed >= 0;

    public bool IsWrite => Kind is OperationKind.Create or OperationKind.Delete or OperationKind.Set;

    public bool Succeeded => IsAnswered && Error == 0;

    public bool MayHaveHappened => IsWrite && (!IsAnswered || Error == 0);

    public void Complete(long now, long zxid, int error, ReadOnlySpan<byte> body)
    {
        Completed = now;
        Zxid = zxid;
        Error = error;
        if (error != 0)
            return;

        var reader = new WireReader(body);
        if (Kind == OperationKind.Get)
            ReadValue = reader.Text();

        if (Kind is OperationKind.Get or OperationKind.Set or OperationKind.Exists)
            Stat = reader.Stat();
    }

    public override string ToString() =>
        $"client {Client}.{SessionNumber} {Kind} {Path} '{Value}' sent {Invoked} answered {Completed} zxid {Zxid} "
        + $"error {Error} read '{ReadValue}' version {Stat.Version} mzxid {Stat.Mzxid}";
}
