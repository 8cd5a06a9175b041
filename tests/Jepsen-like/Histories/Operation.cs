namespace Coord.JepsenLike.Histories;

/// <summary>
/// One operation of one client: what it asked for, when (one monotonic clock for all clients), and what came back.
/// </summary>
internal sealed record Operation
{
    /// <summary>The completion time of an operation whose outcome nobody knows.</summary>
    public const long Never = long.MaxValue;

    /// <summary>ZooKeeper's error for a version that does not match.</summary>
    public const int BadVersion = -103;

    public const int NoNode = -101;
    public const int NodeExists = -110;
    public const int SessionExpired = -112;

    private const int TextShownMax = 300;

    /// <summary>The logical process; its number is not used again after an unknown outcome (raft-design T23).</summary>
    public required int Process { get; init; }

    /// <summary>Number of the ZooKeeper session, counted by the run; ordering promises hold inside one.</summary>
    public int Session { get; init; }

    /// <summary>Number of the connection within its session: watches belong to one.</summary>
    public int Connection { get; init; }

    /// <summary>The node that the client was attached to, counted from 1.</summary>
    public int Node { get; init; }

    public required OperationKind Kind { get; init; }

    /// <summary>Path of the znode.</summary>
    public required string Key { get; init; }

    /// <summary>Nanoseconds since the run's start, taken before the request was sent.</summary>
    public required long Invoked { get; init; }

    /// <summary>Taken after the reply arrived; <see cref="Never"/> while the outcome is unknown.</summary>
    public long Completed { get; init; } = Never;

    /// <summary>The error in the reply's header; 0 is success.</summary>
    public int Error { get; init; }

    /// <summary>Written or read: the count of a counter; of no meaning in a register.</summary>
    public long Amount { get; init; }

    /// <summary>Written or read: names the one write that made this value; 0 is the znode's creation.</summary>
    public long Tag { get; init; }

    /// <summary>The version that a compare-and-set asked for.</summary>
    public int Expected { get; init; }

    /// <summary>The data version in the reply's Stat.</summary>
    public int Version { get; init; }

    /// <summary>The zxid in the reply's header.</summary>
    public long Zxid { get; init; }

    /// <summary>The mzxid in the reply's Stat: which transaction made the value.</summary>
    public long ModifiedZxid { get; init; }

    /// <summary>
    /// What workloads write or read beyond an amount and a tag: elements of a list, names of children, accounts. It has
    /// neither tabs nor line ends.
    /// </summary>
    public string Text { get; init; } = "";

    public bool IsKnown => Completed != Never;

    public bool Succeeded => IsKnown && Error == 0;

    public bool IsWrite => Kind is OperationKind.Set or OperationKind.CompareAndSet or OperationKind.CreateEphemeral
        or OperationKind.Delete or OperationKind.CloseSession or OperationKind.Create
        or OperationKind.CreateSequential or OperationKind.Take or OperationKind.Transaction;

    /// <summary>True when a reply tells a znode's value.</summary>
    public bool IsRead => Kind is OperationKind.Read or OperationKind.LocalRead or OperationKind.WatchedRead;

    /// <summary>True when an operation takes its place in real time among those of all clients.</summary>
    public bool IsOrderedGlobally => IsWrite || Kind == OperationKind.Read;

    /// <summary>True when the operation cannot have changed anything: a read, or a write that was refused.</summary>
    public bool ChangesNothing => !IsWrite || (IsKnown && Error != 0);

    public override string ToString()
    {
        var what = Kind switch
        {
            OperationKind.Set => $"set tag {Tag} amount {Amount}",
            OperationKind.CompareAndSet => $"cas version {Expected} tag {Tag} amount {Amount}",
            OperationKind.Read => "read",
            OperationKind.LocalRead => "local read",
            OperationKind.WatchedRead => "read and watch",
            OperationKind.RestoreWatch => "set watch again",
            OperationKind.AddWatch => $"add watch of list {Amount}",
            OperationKind.Event => $"event of type {Amount}",
            OperationKind.CreateEphemeral => $"create ephemeral tag {Tag}",
            OperationKind.Delete => "delete",
            OperationKind.CloseSession => "close session",
            OperationKind.LoseSession => $"lose session, timeout {Amount} ms",
            _ => $"{Kind} tag {Tag} amount {Amount}",
        };
        var result = !IsKnown ? "unknown"
            : Error != 0 ? $"error {Error} zxid {Zxid}"
            : !IsRead ? $"version {Version} zxid {Zxid}"
            : $"tag {Tag} amount {Amount} version {Version} mzxid {ModifiedZxid} zxid {Zxid}";
        var end = IsKnown ? $"{Completed / 1e6:F6}" : "never";
        return $"{Invoked / 1e6,13:F6} .. {end,13} ms  process {Process} session {Session} node {Node}  " +
            $"{Key} {what} -> {result}{Shown(Text)}";
    }

    private static string Shown(string text) =>
        text.Length == 0 ? "" : $" [{(text.Length > TextShownMax ? text[..TextShownMax] + "…" : text)}]";
}
