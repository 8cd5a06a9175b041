using Coord.Raft;

namespace Coord.Node.Peers;

/// <summary>The leader's answer to a <see cref="ContactReport"/>, after a barrier round that began later.</summary>
/// <param name="Id">The report's.</param>
/// <param name="Index">What must be applied before the clients are answered.</param>
/// <param name="Accepted">False when the asked node does not lead: ask the one that does.</param>
internal sealed record ContactAnswer(long Id, LogIndex Index, bool Accepted) : PeerMessage;
