using Coord.Node.Clients;

namespace Coord.Node.Audit;

/// <summary>
/// Whose time ran out. The node that a session was connected to last knows who it was, also when the connection is gone
/// by then, and notes it; the leader, which ended it, notes it in any case. A node that was killed remembers nobody.
/// The loop is its only caller.
/// </summary>
internal sealed class ExpiryAudit(AuditLog audit)
{
    private const string Operation = "expireSession";

    private readonly Dictionary<long, byte[]> gone = [];

    /// <summary>Sessions that are remembered: they live, and were connected here last.</summary>
    public int Count => gone.Count;

    /// <summary>A connection ended and its session lives on.</summary>
    public void ConnectionGone(ClientSession session) => gone[session.Id] = session.Identities;

    /// <summary>A session is connected, here or elsewhere.</summary>
    public void Attached(long sessionId) => gone.Remove(sessionId);

    /// <summary>A session ended whose connection is on this node.</summary>
    public void EndedHere(ClientSession session) => audit.Session(session, Operation, isSuccess: true);

    /// <summary>A session ended that is not connected to this node.</summary>
    /// <param name="sessionId">The session.</param>
    /// <param name="isEndedByThis">This node leads, and its timer ended it.</param>
    public void Ended(long sessionId, bool isEndedByThis)
    {
        if (gone.Remove(sessionId, out var identities) || isEndedByThis)
            audit.Note(new AuditEvent(sessionId, identities ?? [], Operation, IsSuccess: true));
    }

    /// <summary>The state was replaced by another: who of them lives on is not known.</summary>
    public void Clear() => gone.Clear();
}
