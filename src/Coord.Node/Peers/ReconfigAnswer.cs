using Coord.Protocol;
using Coord.Raft;

namespace Coord.Node.Peers;

/// <summary>The leader's answer to a <see cref="ReconfigForward"/>.</summary>
/// <param name="Id">As in the request.</param>
/// <param name="Error">Why it was refused, or <see cref="ErrorCode.Ok"/>.</param>
/// <param name="Index">Done: index of the entry that completed it; the client is answered once it is applied.</param>
internal sealed record ReconfigAnswer(long Id, ErrorCode Error, LogIndex Index) : PeerMessage;
