using Coord.Node.Members;

namespace Coord.Node.Peers;

/// <summary>A client's reconfig on its way to the leader, which alone decides about it.</summary>
/// <param name="Id">Names the request at its node; sent again with the same one until it is answered.</param>
/// <param name="Identities">What the client's connection has shown, encoded as entries carry it.</param>
/// <param name="Text">What is asked.</param>
internal sealed record ReconfigForward(long Id, ReadOnlyMemory<byte> Identities, ReconfigText Text) : PeerMessage;
