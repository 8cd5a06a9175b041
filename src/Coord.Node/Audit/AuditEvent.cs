namespace Coord.Node.Audit;

/// <summary>One line of the audit log, as the loop notes it; made into text elsewhere.</summary>
/// <param name="SessionId">The session; 0 where there is none yet.</param>
/// <param name="Identities">Who the connection is known to be and where it comes from, encoded.</param>
/// <param name="Operation">What was asked, by ZooKeeper's name where it has one.</param>
/// <param name="IsSuccess">Whether it was done.</param>
internal readonly record struct AuditEvent(long SessionId, byte[] Identities, string Operation, bool IsSuccess)
{
    /// <summary>The znode it was about; null where it was about none.</summary>
    public byte[]? Path { get; init; }

    /// <summary>The new ACL list, encoded; null where it is not about one.</summary>
    public byte[]? Acl { get; init; }
}
