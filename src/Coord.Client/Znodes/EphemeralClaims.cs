namespace Coord.Client;

/// <summary>
/// Ephemeral znodes that calls of this client are creating now. Their owner is the session and not the call: of several
/// calls in flight for one path, one made the znode, and it counts as that one's alone (client-sdk.md 5).
/// </summary>
internal sealed class EphemeralClaims
{
    private readonly Lock gate = new();
    private readonly Dictionary<string, (int Calls, HashSet<long> Claimed)> creating = new(StringComparer.Ordinal);

    internal void Begin(string path)
    {
        lock (gate)
        {
            creating[path] = creating.TryGetValue(path, out var others)
                ? (others.Calls + 1, others.Claimed) : (1, []);
        }
    }

    internal void End(string path)
    {
        lock (gate)
        {
            var (calls, claimed) = creating[path];
            if (calls == 1)
                creating.Remove(path);
            else
                creating[path] = (calls - 1, claimed);
        }
    }

    /// <summary>The znode of this czxid is the caller's, unless it is another's already.</summary>
    internal bool TryClaim(string path, long czxid)
    {
        lock (gate)
            return creating[path].Claimed.Add(czxid);
    }
}
