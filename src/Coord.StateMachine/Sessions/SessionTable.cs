namespace Coord.StateMachine;

/// <summary>All sessions by id.</summary>
internal sealed class SessionTable
{
    private readonly Dictionary<long, Session> _sessions = [];

    public int Count => _sessions.Count;

    public Dictionary<long, Session>.ValueCollection All => _sessions.Values;

    public Session? Find(long id) => _sessions.GetValueOrDefault(id);

    /// <summary>The session, which must exist: whatever names it keeps it alive.</summary>
    public Session Get(long id) => _sessions[id];

    public void Add(Session session) => _sessions.Add(session.Id, session);

    public void Remove(long id) => _sessions.Remove(id);

    /// <summary>The sessions' part of the content hash.</summary>
    public ulong ContentHash()
    {
        ulong sum = 0;
        foreach (var session in _sessions.Values)
            sum += session.ContentHash();
        return sum;
    }
}
