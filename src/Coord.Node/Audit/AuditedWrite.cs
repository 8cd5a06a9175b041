namespace Coord.Node.Audit;

/// <summary>A change that the audit log tells of.</summary>
/// <param name="Operation">By ZooKeeper's name.</param>
/// <param name="Path">The znode.</param>
/// <param name="Acl">Its new ACL list, encoded; null where it keeps the one it has.</param>
internal readonly record struct AuditedWrite(string Operation, byte[] Path, byte[]? Acl);
