namespace Coord.JepsenLike.Targets;

/// <summary>What etcd answered.</summary>
/// <param name="Revision">Of the whole store when the request was done.</param>
/// <param name="IsDone">False when a condition did not hold.</param>
/// <param name="ModRevision">The revision that made the value.</param>
/// <param name="Version">Of the key, counted from 1.</param>
/// <param name="Value">Read; null where the key is not there, and for writes.</param>
internal sealed record EtcdReply(long Revision, bool IsDone, long ModRevision, long Version, string? Value)
{
    /// <summary>Of several conditions the first that did not hold, counted from 0.</summary>
    public int Refused { get; init; }
}
