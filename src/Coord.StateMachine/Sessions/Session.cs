namespace Coord.StateMachine;

/// <summary>A session as replicated.</summary>
internal sealed class Session(long id)
{
    public long Id { get; } = id;

    public int TimeoutMs { get; set; }

    /// <summary>Index of the creation or last re-attach: the only connection whose entries apply.</summary>
    public long Attachment { get; set; }

    /// <summary>SHA-256 of the password; never written in place, so that snapshots may share it.</summary>
    public byte[] PasswordHash { get; set; } = [];

    /// <summary>Slots of the session's ephemerals, unordered; each knows its place here.</summary>
    public List<int> Ephemerals { get; } = [];

    /// <summary>Replies to the session's numbered writes; null before the first.</summary>
    public RememberedResults? Results { get; set; }

    /// <summary>The session's part of the content hash.</summary>
    public ulong ContentHash() => ToRecord().ContentHash();

    /// <summary>A copy for a snapshot.</summary>
    public SessionRecord ToRecord() => new(Id, TimeoutMs, Attachment, Ephemerals.Count, PasswordHash)
    {
        HighestOperation = Results?.Highest ?? 0,
        Results = Results?.ToArray() ?? [],
    };
}
