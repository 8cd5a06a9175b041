namespace Coord.Simulation.Clients;

/// <summary>What a client is about to ask for.</summary>
internal sealed record Request(OperationKind Kind, string Path)
{
    private const int ContainerFlag = 4;
    private const int TtlFlag = 5;
    private const int BarrierRead = 1004;

    public string Value { get; init; } = "";

    /// <summary>For a creation.</summary>
    public bool IsEphemeral { get; init; }

    /// <summary>For a creation: the server appends a number to the path.</summary>
    public bool IsSequential { get; init; }

    /// <summary>For a creation with a time to live, in milliseconds.</summary>
    public long TtlMs { get; init; }

    /// <summary>A read that goes behind a sync, so that it sees everything answered before.</summary>
    public bool IsSynced { get; init; }

    /// <summary>A read with a barrier of its own, which does as a sync ahead of it would.</summary>
    public bool HasBarrier { get; init; }

    /// <summary>A read that leaves a watch.</summary>
    public bool Watches { get; init; }

    /// <summary>For set, delete and check: the version that must be there, -1 for any.</summary>
    public int Version { get; init; } = -1;

    /// <summary>What a multi does, all or nothing.</summary>
    public IReadOnlyList<Request> Parts { get; init; } = [];

    public Wire Encode(int xid)
    {
        var wire = new Wire().Int(xid);
        wire = HasBarrier ? wire.Int(BarrierRead).Int((int)Kind) : wire.Int((int)Kind);
        if (Kind != OperationKind.Multi)
            return EncodeRecord(wire);

        foreach (var part in Parts)
            part.EncodeRecord(wire.Int((int)part.Kind).Bool(false).Int(-1));

        return wire.Int(-1).Bool(true).Int(-1);
    }

    private Wire EncodeRecord(Wire wire) => Kind switch
    {
        OperationKind.Create => wire.Text(Path).Text(Value).OpenAcl()
            .Int((IsEphemeral ? 1 : 0) + (IsSequential ? 2 : 0)),
        OperationKind.CreateContainer => wire.Text(Path).Text(Value).OpenAcl().Int(ContainerFlag),
        OperationKind.CreateTtl => wire.Text(Path).Text(Value).OpenAcl().Int(TtlFlag).Long(TtlMs),
        OperationKind.Delete or OperationKind.Check => wire.Text(Path).Int(Version),
        OperationKind.Set => wire.Text(Path).Text(Value).Int(Version),
        OperationKind.Sync => wire.Text(Path),
        OperationKind.Get or OperationKind.Exists or OperationKind.Children => wire.Text(Path).Bool(Watches),
        _ => wire,
    };
}
