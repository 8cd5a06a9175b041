namespace Coord.Node.Admin;

/// <summary>A session as <c>dump</c> tells of it.</summary>
/// <param name="Id">The zxid of its creation.</param>
/// <param name="TimeoutMs">The negotiated timeout.</param>
/// <param name="ExpiresMs">On the leader: when it ends if nothing is heard of it, in Unix milliseconds.</param>
/// <param name="Ephemerals">Paths of the ephemerals it owned when it was looked at.</param>
internal sealed record ReportedSession(long Id, int TimeoutMs, long? ExpiresMs, IReadOnlyCollection<string> Ephemerals);

/// <summary>
/// All sessions of the cluster as one node knows them. The sessions are those of one moment; their ephemerals were
/// gathered over the turns behind it.
/// </summary>
/// <param name="Sessions">In the order of their ids.</param>
/// <param name="IsCut">There are more ephemerals than a report may hold.</param>
internal sealed record SessionReport(IReadOnlyList<ReportedSession> Sessions, bool IsCut);
