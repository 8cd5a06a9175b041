namespace Coord.StateMachine;

/// <summary>What others may know of a session.</summary>
/// <param name="Id">The zxid of its creation.</param>
/// <param name="TimeoutMs">The negotiated timeout.</param>
/// <param name="Attachment">Index of the creation or last re-attach.</param>
/// <param name="EphemeralCount">Ephemeral znodes it owns.</param>
public readonly record struct SessionView(long Id, int TimeoutMs, long Attachment, int EphemeralCount);
