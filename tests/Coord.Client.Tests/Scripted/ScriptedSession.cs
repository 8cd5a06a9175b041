namespace Coord.Client.Tests;

/// <summary>A session of the scripted cluster.</summary>
internal sealed class ScriptedSession(long id, int timeoutMs)
{
    public long Id { get; } = id;

    public int TimeoutMs { get; } = timeoutMs;

    /// <summary>Counts connections: a write of an earlier one is refused, as the leader does.</summary>
    public int Attachment { get; set; }

    /// <summary>Replies to writes with a number, and the highest number that ran.</summary>
    public Dictionary<long, ScriptedReply> Once { get; } = [];

    public long LastOnce { get; set; }

    public ScriptedConnection? Connection { get; set; }
}
