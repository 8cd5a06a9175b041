namespace Coord.Node.Audit;

/// <summary>One line of the audit log, as it is noted; made into text elsewhere.</summary>
/// <param name="SessionId">The session; 0 where there is none.</param>
/// <param name="Identities">Who it is known to be and where it comes from, encoded; empty where nobody knows.</param>
/// <param name="Operation">What was asked, by ZooKeeper's name where it has one.</param>
/// <param name="IsSuccess">Whether it was done; null where that is not known yet.</param>
internal readonly record struct AuditEvent(long SessionId, byte[] Identities, string Operation, bool? IsSuccess)
{
    // Itself, and its place in the queue.
    private const int OwnBytes = 128;

    /// <summary>The znode it was about; null where it was about none.</summary>
    public byte[]? Path { get; init; }

    /// <summary>The new ACL list, encoded, or its beginning; null where it is not about one.</summary>
    public byte[]? Acl { get; init; }

    /// <summary>The node of the cluster that it was about; 0 where it was about none.</summary>
    public int Node { get; init; }

    /// <summary>What it takes in memory, about.</summary>
    public int Bytes => OwnBytes + Identities.Length + (Path?.Length ?? 0) + (Acl?.Length ?? 0);
}
