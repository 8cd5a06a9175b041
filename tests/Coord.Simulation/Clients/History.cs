namespace Coord.Simulation.Clients;

/// <summary>All that clients asked and were told.</summary>
internal sealed class History
{
    public List<Operation> Operations { get; } = [];

    public List<SessionLife> Sessions { get; } = [];

    public List<WatchLife> Watches { get; } = [];

    public int Answered { get; set; }

    /// <summary>Every operation on one znode: a multi counts as what it consists of.</summary>
    public IEnumerable<Operation> Single() =>
        Operations.SelectMany(o => o.Kind == OperationKind.Multi ? o.Parts : [o]);
}
