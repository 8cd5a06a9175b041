namespace Coord.Simulation.Clients;

/// <summary>One request of a client and what came of it (raft-design T23).</summary>
internal sealed class Operation
{
    public required int Client { get; init; }

    /// <summary>Number of the client's session: order is promised within one.</summary>
    public required int SessionNumber { get; init; }

    public required Request Request { get; init; }

    public required int Xid { get; init; }

    /// <summary>A read that follows a sync in one flight: when the sync was sent; -1 for other reads.</summary>
    public long SyncedSince { get; init; } = -1;

    /// <summary>The highest index that any node held for committed when this was sent.</summary>
    public long CommittedBefore { get; init; }

    public required long Invoked { get; init; }

    /// <summary>When the answer came; negative: never, so whether it happened is unknown.</summary>
    public long Completed { get; private set; } = -1;

    public int Error { get; private set; }

    public long Zxid { get; private set; }

    public string ReadValue { get; private set; } = "";

    public ReadStat Stat { get; private set; }

    /// <summary>For children: their names.</summary>
    public IReadOnlyList<string> Names { get; private set; } = [];

    /// <summary>The znode: of a sequential creation the one that was made.</summary>
    public string Path { get; private set; } = "";

    /// <summary>What a multi did, each as if it had been alone.</summary>
    public IReadOnlyList<Operation> Parts { get; private set; } = [];

    public OperationKind Kind => Request.Kind;

    public string Value => Request.Value;

    public bool IsAnswered => Completed >= 0;

    public bool IsWrite =>
        IsCreation || Kind is OperationKind.Delete or OperationKind.Set or OperationKind.Multi;

    /// <summary>Of whatever kind of znode.</summary>
    public bool IsCreation =>
        Kind is OperationKind.Create or OperationKind.CreateContainer or OperationKind.CreateTtl;

    public bool Succeeded => IsAnswered && Error == 0;

    public bool MayHaveHappened => IsWrite && (!IsAnswered || Error == 0);

    /// <summary>Sets what is known before the answer.</summary>
    public Operation Begin()
    {
        Path = Request.Path;
        Parts = Request.Parts.Where(p => p.Kind != OperationKind.Check).Select(Part).ToArray();
        return this;
    }

    public void Complete(long now, long zxid, int error, ReadOnlySpan<byte> body)
    {
        Completed = now;
        Zxid = zxid;
        Error = error;
        var reader = new WireReader(body);
        if (Kind == OperationKind.Multi)
            CompleteParts(ref reader);
        else if (error == 0)
            TakeResult(ref reader);
    }

    public override string ToString() =>
        $"client {Client}.{SessionNumber} {Kind} {Path} '{Brief(Value)}' sent {Invoked} answered {Completed} "
        + $"zxid {Zxid} error {Error} read '{Brief(ReadValue)}' version {Stat.Version} mzxid {Stat.Mzxid}"
        + (SyncedSince < 0 ? "" : $" synced since {SyncedSince}");

    private static string Brief(string value) => value.Length <= 24 ? value : value[..24];

    private Operation Part(Request request) => new Operation
    {
        Client = Client,
        SessionNumber = SessionNumber,
        Request = request,
        Xid = Xid,
        Invoked = Invoked,
    }.Begin();

    private void TakeResult(ref WireReader reader)
    {
        switch (Kind)
        {
            case OperationKind.Get:
                ReadValue = reader.Text();
                Stat = reader.Stat();
                break;
            case OperationKind.Set or OperationKind.Exists:
                Stat = reader.Stat();
                break;
            case OperationKind.Children:
                var names = new string[reader.Int()];
                for (var i = 0; i < names.Length; i++)
                    names[i] = reader.Text();

                Names = names;
                break;
            case var _ when IsCreation && reader.Remaining > 0:
                Path = reader.Text();
                break;
            default:
                break;
        }
    }

    // ZooKeeper: each result behind a header; of one that failed all parts have an error. A multi as a whole has none.
    private void CompleteParts(ref WireReader reader)
    {
        var done = 0;
        while (reader.Remaining > 0)
        {
            var type = reader.Int();
            var isLast = reader.Bool();
            reader.Int();
            if (isLast)
                break;

            if (type == -1)
            {
                var error = reader.Int();
                Error = Error != 0 ? Error : error != 0 ? error : -2;
                continue;
            }

            if (type == (int)OperationKind.Check)
                continue;

            var part = Parts[done++];
            part.Completed = Completed;
            part.Zxid = Zxid;
            part.TakeResult(ref reader);
        }

        if (Error == 0)
            return;

        foreach (var part in Parts)
        {
            part.Completed = Completed;
            part.Error = Error;
        }
    }
}
